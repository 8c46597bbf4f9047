import { HookwireError } from '../../core/errors.ts';
import { parseSequenceId, sequenceTime } from '../../core/ids.ts';
import { dayMs, type KeepTimes, keepTimes, keptUntil } from '../../core/keeping.ts';
import { requireContents } from '../answers/contents-gone.ts';
import type { Services } from '../services.ts';
import type { EventWithDeliveries, FoundDelivery, Things } from './reach.ts';
import { findable, type Whose } from './whose.ts';

export function deliveriesOf(
  { history, directory, keep, clock, delivery: sending }: Services,
  whose: Whose,
): Things['deliveries'] {
  return {
    ...findable('delivery', get, (id) => whyGone('dlv', id, keepOf(keep, whose), clock.now())),
    list: (filter, page) => history.listDeliveries({ ...filter, accountId: whose.accountId }, page),
  };

  async function get(id: string): Promise<FoundDelivery | null> {
    const delivery = await history.getDelivery(id, whose.accountId);
    if (!delivery || !whose.includes(delivery.event.accountId)) return null;
    const { webhookId, event } = delivery;
    const kept = keptUntil(delivery.acceptedAt, keep.of(event.accountId));
    return {
      delivery,
      keptUntil: kept,
      async replay() {
        requireContents({ event, keptUntil: kept, now: clock.now() }, 'It cannot be sent again.');
        if (!(await directory.getWebhook(webhookId)))
          throw new HookwireError('conflict', `Its webhook "${webhookId}" was deleted.`);
        await sending.replay({ id: delivery.id, webhookId });
      },
      webhookVersion: (version) => directory.getWebhookVersion(webhookId, version),
      secretHistory: () => directory.getSecretHistory(webhookId),
    };
  }
}

export function eventsOf(
  { history, directory, events, keep, clock }: Services,
  whose: Whose,
): Things['events'] {
  const { accountId } = whose;
  async function get(id: string): Promise<EventWithDeliveries | null> {
    const stored = await history.getEvent(id, accountId);
    if (!stored || !whose.includes(stored.event.accountId)) return null;
    const { event, acceptedAt } = stored;
    return {
      stored,
      keptUntil: keptUntil(acceptedAt, keep.of(event.accountId)),
      routedWebhooks: (deletedLatelyMs) =>
        directory.routedWebhooks(event.accountId, acceptedAt, acceptedAt - deletedLatelyMs),
    };
  }

  return {
    ...findable('event', get, (id) => whyGone('evt', id, keepOf(keep, whose), clock.now())),
    search: (filter, page) => history.findEvents({ ...filter, accountId }, page),
    receive: (items) => events.receive(items, { accountId }),
    refusal: () => (accountId === null ? null : events.refusal(accountId)),
  };
}

/** Of the account; for all of them what holds for most. */
function keepOf(keep: Services['keep'], { accountId }: Whose): KeepTimes {
  return accountId === null ? keepTimes(keep.ofAll) : keep.of(accountId);
}

/** An id of the gateway's tells of when it is: whether that is longer ago than anything is kept. */
function whyGone(prefix: 'evt' | 'dlv', id: string, { logMs }: KeepTimes, now: number): string | null {
  const number = parseSequenceId(prefix, id);
  const at = number === null ? null : sequenceTime(number);
  if (at === null || logMs === null || at + logMs > now) return null;
  const [of, until] = [at, at + logMs].map((instant) => new Date(instant).toISOString().slice(0, 10));
  return `By its id it would be of ${of}, and the log is kept for ${logMs / dayMs} days: until ${until}.`;
}
