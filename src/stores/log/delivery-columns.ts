import type { QueuedDelivery } from '../../core/delivery.ts';
import { sequenceId, sequenceTime } from '../../core/ids.ts';
import { decodeEvent } from '../event-body.ts';
import type { NewEventRow } from './row-types.ts';

/** New deliveries of one commit for one courier: an event is in it once, however many webhooks get it. */
export interface DeliveryColumns {
  /** Of the events. */
  readonly seq: Float64Array;
  readonly ownId: readonly (string | null)[];
  readonly account: readonly string[];
  readonly body: readonly string[];
  /** {@link numbersPerDelivery} for each delivery: its number, places in the event columns and in `webhooks`, what it is. */
  readonly deliveries: Float64Array;
  readonly webhooks: readonly string[];
  /** When the events were accepted, where their numbers do not say so. */
  readonly acceptedAt: readonly (number | null)[];
}

const numbersPerDelivery = 4;
/** What a delivery is; numbers to add. */
const isOrdered = 1;
const isOutdated = 2;

/** What is packed of an event. */
export interface PackedEvent
  extends Pick<NewEventRow, 'seq' | 'ownId' | 'account' | 'body' | 'orderedWebhookIds' | 'part'> {
  /** When it was accepted, where that is not the same for all of the commit. */
  readonly acceptedAt?: number;
}

/** Gathers {@link DeliveryColumns}. */
export interface DeliveryPacker {
  add(event: PackedEvent, delivery: number, webhookId: string, outdated: boolean): void;
  /** @param acceptedAt when the commit's events were accepted, where their numbers do not say so */
  columns(acceptedAt: number | null): DeliveryColumns;
}

export function createDeliveryPacker(): DeliveryPacker {
  const events: PackedEvent[] = [];
  const numbers: number[] = [];
  const webhooks = new Map<string, number>();
  /** Of the latest event. */
  let ordered: ReadonlySet<string> = new Set();

  return {
    add(event, delivery, webhookId, outdated) {
      if (events.at(-1) !== event) {
        events.push(event);
        ordered = new Set(event.orderedWebhookIds);
      }
      let place = webhooks.get(webhookId);
      if (place === undefined) {
        place = webhooks.size;
        webhooks.set(webhookId, place);
      }
      const is = (ordered.has(webhookId) ? isOrdered : 0) + (outdated ? isOutdated : 0);
      numbers.push(delivery, events.length - 1, place, is);
    },
    columns: (acceptedAt) => ({
      seq: Float64Array.from(events, (row) => row.seq),
      ownId: events.map((row) => row.ownId),
      account: events.map((row) => row.account),
      body: events.map((row) => row.body),
      deliveries: Float64Array.from(numbers),
      webhooks: [...webhooks.keys()],
      acceptedAt: events.map(({ part, acceptedAt: own }) =>
        part === null ? (own ?? acceptedAt) : part.acceptedAt,
      ),
    }),
  };
}

/** The deliveries as lanes take them, and those that are outdated. */
export function unpackDeliveries(columns: DeliveryColumns): {
  readonly sendable: QueuedDelivery[];
  readonly outdated: QueuedDelivery[];
} {
  const { deliveries, acceptedAt } = columns;
  const events = columns.body.map((body, i) =>
    decodeEvent({
      seq: columns.seq[i] ?? 0,
      id: columns.ownId[i] ?? null,
      account: columns.account[i] ?? '',
      body,
    }),
  );
  const sendable: QueuedDelivery[] = [];
  const outdated: QueuedDelivery[] = [];
  for (let at = 0; at < deliveries.length; at += numbersPerDelivery) {
    const place = deliveries[at + 1] ?? 0;
    const event = events[place];
    const text = columns.body[place];
    if (!event || text === undefined) continue;
    const is = deliveries[at + 3] ?? 0;
    const queuedAt = sequenceTime(columns.seq[place] ?? 0);
    const delivery: QueuedDelivery = {
      id: sequenceId('dlv', deliveries[at] ?? 0),
      webhookId: columns.webhooks[deliveries[at + 2] ?? 0] ?? '',
      event,
      acceptedAt: acceptedAt[place] ?? queuedAt,
      queuedAt,
      attempts: 0,
      attemptsSinceReplay: 0,
      manual: false,
      ordered: (is & isOrdered) !== 0,
      size: text.length,
      text,
    };
    (is & isOutdated ? outdated : sendable).push(delivery);
  }
  return { sendable, outdated };
}
