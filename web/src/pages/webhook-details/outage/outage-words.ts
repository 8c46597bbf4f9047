import type { Waiting, Webhook } from '../../../api/webhooks.ts';

/** Why a webhook's endpoint gets nothing. */
export interface OutageWords {
  readonly title: string;
  readonly text: string;
  readonly colour: 'red' | 'gray';
  /** Since when the endpoint fails; ISO 8601, `null` where it did not. */
  readonly since: string | null;
}

/** `null`: the webhook is enabled and its endpoint is well. */
export function outageOf(
  webhook: Pick<Webhook, 'status' | 'disabledReason' | 'failingSince'>,
): OutageWords | null {
  const { status, disabledReason, failingSince: since } = webhook;
  if (status === 'enabled') {
    if (since === null) return null;
    return {
      title: 'The endpoint fails',
      text: 'Every attempt has failed. Hookwire goes on trying with longer and longer pauses, and disables the webhook when it fails for days.',
      colour: 'red',
      since,
    };
  }
  switch (disabledReason) {
    case 'gone':
      return {
        title: 'Disabled: the endpoint said that it is gone',
        text: 'It answered with status 410, which asks to send it nothing more.',
        colour: 'red',
        since,
      };
    case 'failing':
      return {
        title: 'Disabled: the endpoint failed for days',
        text: 'Every attempt failed for so long that Hookwire stopped trying.',
        colour: 'red',
        since,
      };
    default:
      return {
        title: 'Disabled',
        text: 'Somebody disabled this webhook.',
        colour: 'gray',
        since,
      };
  }
}

const count = new Intl.NumberFormat('en');

/** How much waits, and for what. */
export function waitsWords({ status }: Pick<Webhook, 'status'>, waiting: Waiting | undefined): string {
  const until = status === 'disabled' ? 'until it is enabled' : 'for their next attempt';
  if (waiting === undefined) return `New reports wait ${until}.`;
  if (waiting.count === 0) return status === 'disabled' ? 'Nothing waits yet; new reports do.' : '';
  if (waiting.more) return `More than ${count.format(waiting.count)} deliveries wait ${until}.`;
  return waiting.count === 1
    ? `One delivery waits ${until.replace('their', 'its')}.`
    : `${count.format(waiting.count)} deliveries wait ${until}.`;
}
