import type { SignedIn } from '../../../people/person.ts';
import type { AuditActor } from '../../../stores/ports/audit.ts';
import { type Describer, type Description, fieldOf, textOf } from '../../auditing/describer.ts';
import { readCookie } from '../../callers/auth.ts';

/** What a person did; in their account's log where they have one account alone. */
export function byPerson({
  person,
  memberships,
}: Pick<SignedIn, 'person' | 'memberships'>): Description & { readonly actor: AuditActor } {
  const [first, ...others] = memberships;
  return {
    accountId: others.length === 0 ? first.accountId : null,
    target: null,
    changes: [],
    actor: { kind: 'person', id: person.id, name: person.name },
  };
}

/** What was given as an address. People type passwords into the wrong field: what is no address is not kept. */
function triedAddress(given: string): string {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given) ? given : '(no e-mail address)';
}

export const sessionDescriber: Describer = {
  async before({ people, action, headers }) {
    if (action !== 'session.signedOut' && action !== 'session.profileChanged') return null;
    const cookie = readCookie(headers.cookie, people.sessionCookie());
    return cookie === null ? null : people.find(cookie);
  },
  describe({ action, before, body, answer }) {
    if (action === 'session.signInFailed') {
      const actor: AuditActor = { kind: 'nobody', id: '', name: triedAddress(textOf(body, 'email') ?? '') };
      return { accountId: null, target: null, changes: [], actor };
    }
    const old = before as SignedIn | null;
    if (action === 'session.signedOut') return old && byPerson(old);
    if (fieldOf(answer, 'person') === null) return null;
    const now = answer as Pick<SignedIn, 'person' | 'memberships'>;
    const changes = [
      ...(old && old.person.name !== now.person.name
        ? [{ field: 'name', from: old.person.name, to: now.person.name }]
        : []),
      ...(fieldOf(body, 'newPassword') === undefined
        ? []
        : [{ field: 'password', from: '••••', to: '••••' }]),
    ];
    return { ...byPerson(now), changes };
  },
};
