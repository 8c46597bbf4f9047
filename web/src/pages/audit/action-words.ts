/** What an action is called in the filter, and how the sentence about it goes on after the actor's name. */
interface ActionWords {
  readonly label: string;
  /** Before the target's name, */
  readonly did: string;
  /** and after it. */
  readonly after?: string;
}

const groups: Readonly<Record<string, Readonly<Record<string, ActionWords>>>> = {
  Webhooks: {
    'webhook.created': { label: 'Webhook added', did: 'added the webhook' },
    'webhook.updated': { label: 'Webhook changed', did: 'changed the webhook' },
    'webhook.deleted': { label: 'Webhook deleted', did: 'deleted the webhook' },
    'webhook.restored': { label: 'Delete undone', did: 'brought back the webhook' },
    'webhook.enabled': { label: 'Webhook enabled', did: 'enabled the webhook' },
    'webhook.disabled': { label: 'Webhook disabled', did: 'disabled the webhook' },
    'webhook.secretRotated': { label: 'Secret rotated', did: 'rotated the signing secret of the webhook' },
    'webhook.tested': { label: 'Webhook tested', did: 'tested the webhook' },
  },
  Deliveries: {
    'delivery.replayed': { label: 'Delivery replayed', did: 'replayed the delivery' },
    'task.created': { label: 'Replay of many', did: 'began to replay many deliveries, by the task' },
    'task.cancelled': { label: 'Replay cancelled', did: 'cancelled the replay of many deliveries, the task' },
  },
  'Keys and numbers': {
    'key.created': { label: 'Key made', did: 'made the API key' },
    'key.deleted': { label: 'Key deleted', did: 'deleted the API key' },
    'sender.created': { label: 'Number added', did: 'added the number' },
    'sender.deleted': { label: 'Number removed', did: 'removed the number' },
  },
  People: {
    'erasure.created': { label: 'Person erased', did: 'had a person erased, by the task' },
    'person.invited': { label: 'Person invited', did: 'invited' },
    'person.updated': { label: 'Person changed', did: 'changed' },
    'person.removed': { label: 'Person removed', did: 'removed' },
    'person.passwordLinkMade': {
      label: 'Password link made',
      did: 'made a link for',
      after: 'to set a password',
    },
  },
  'Signing in': {
    'session.setUp': { label: 'Gateway set up', did: 'set up the gateway' },
    'session.signedIn': { label: 'Signed in', did: 'signed in' },
    'session.signInFailed': { label: 'Sign-in failed', did: 'could not sign in' },
    'session.signedOut': { label: 'Signed out', did: 'signed out' },
    'session.passwordSet': { label: 'Password set', did: 'set a password by a link' },
    'session.profileChanged': { label: 'Profile changed', did: 'changed their own profile' },
    'portalLink.created': { label: 'Portal link made', did: 'made a portal link for' },
    'portalLink.used': { label: 'Portal link used', did: 'came in by a portal link' },
  },
  Accounts: {
    'account.created': { label: 'Account created', did: 'created the account' },
    'account.changed': { label: 'Account changed', did: 'changed the account' },
    'account.renamed': { label: 'Account renamed', did: 'renamed the account' },
    'account.deleted': { label: 'Account deleted', did: 'deleted the account' },
  },
};

const known = new Map(Object.values(groups).flatMap((group) => Object.entries(group)));

/** Choices for the filter; accounts are the whole gateway's business. */
export function actionChoices(whole: boolean) {
  return Object.entries(groups)
    .filter(([group]) => whole || group !== 'Accounts')
    .map(([group, actions]) => ({
      group,
      items: Object.entries(actions).map(([value, { label }]) => ({ value, label })),
    }));
}

/** Signing in and out is about the actor alone. */
export function hasTarget(action: string): boolean {
  return !action.startsWith('session.') && action !== 'portalLink.used';
}

/** How the sentence goes on after the actor's name; a newer gateway's action stands as it is. */
export function wordsOf(action: string): { readonly did: string; readonly after: string } {
  const { did, after = '' } = known.get(action) ?? { did: action };
  return { did, after };
}
