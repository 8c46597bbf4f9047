import type { ClientBase } from 'pg';
import { isCutText } from '../../../core/cut-event.ts';
import type { Event } from '../../../core/event.ts';
import { statusStep } from '../../../core/status-ladder.ts';
import { heldCode, stateCode } from '../../codes.ts';
import { decodeEvent, type EventText } from '../../event-body.ts';
import { orderKeys, storyKey, storyOf } from '../../log/order-key.ts';
import { newEventOf } from '../../log/rows.ts';
import { bigints, texts } from '../array-params.ts';
import { lockQueues } from './message-locks.ts';
import { deliveryNumber, type IncomingRow } from './new-event.ts';
import type { Beginning } from './store-events.ts';

const pending = stateCode('pending');
const skipped = stateCode('skipped');

/** A new delivery of a webhook that wants order. */
interface OrderedDelivery {
  readonly number: number;
  readonly account: string;
  readonly webhook: string;
  readonly event: Event;
  readonly keys: readonly [own: number, ofMessage: number];
}

/** What is known of a message: a queue that is busy, and how much of it was told by which event. */
interface Facts extends EventText {
  readonly n: number;
  readonly own_busy: boolean;
  readonly message_busy: boolean;
  readonly step: number | null;
  readonly event: number | null;
}

/** The ordered deliveries of these events. */
function orderedOf(events: readonly IncomingRow[]): OrderedDelivery[] {
  return events.flatMap(({ row }) => {
    if (row.orderedWebhookIds.length === 0) return [];
    const ordered = new Set(row.orderedWebhookIds);
    const event = newEventOf(row);
    const keys = orderKeys(event);
    return row.webhookIds.flatMap((webhook, place) =>
      ordered.has(webhook)
        ? [{ number: deliveryNumber(row.seq, place), account: row.account, webhook, event, keys }]
        : [],
    );
  });
}

/** Keeps everybody else from the queues of these events' messages; inside a transaction, before anything else. */
export async function lockMessages(client: ClientBase, events: readonly IncomingRow[]): Promise<void> {
  const queues = orderedOf(events).flatMap(({ webhook, keys }) => keys.map((key) => ({ webhook, key })));
  await lockQueues(client, queues);
}

/**
 * How the ordered deliveries of these events begin, in the order given (`sqlite/writer/in-order.ts` draws it). Their messages are
 * locked, and all of the events will be stored.
 */
export async function beginInOrder(
  client: ClientBase,
  events: readonly IncomingRow[],
): Promise<ReadonlyMap<number, Beginning>> {
  const deliveries = orderedOf(events);
  const facts = await readFacts(client, deliveries);
  const busy = new Set<string>();
  const begun = new Map<number, Beginning>();
  for (const [i, { number, webhook, event, keys }] of deliveries.entries()) {
    const known = facts[i];
    const isBusy = (key: number, stored: boolean | undefined): boolean =>
      stored === true || busy.has(`${webhook} ${key}`);
    const [own, ofMessage] = keys;
    const before = isBusy(own, known?.own_busy)
      ? own
      : isBusy(ofMessage, known?.message_busy)
        ? ofMessage
        : undefined;
    if (before === undefined && known && isOutdated(event, known)) {
      begun.set(number, { state: skipped, key: null });
      continue;
    }
    const key = before ?? own;
    busy.add(`${webhook} ${key}`);
    begun.set(number, { state: before === undefined ? pending : heldCode, key });
  }
  return begun;
}

async function readFacts(
  client: ClientBase,
  deliveries: readonly OrderedDelivery[],
): Promise<readonly Facts[]> {
  // Not `exists`: where PostgreSQL takes the table for small, it would hash all of it, whoever's it is.
  const isWaiting = (key: string): string =>
    `coalesce((select true from waiting w where w.account = k.account collate "C" and w.webhook = k.webhook collate "C"
       and w.order_key = ${key} limit 1), false)`;
  const { rows } = await client.query<Facts>(
    `select k.n, ${isWaiting('k.own')} as own_busy, ${isWaiting('k.of_message')} as message_busy,
       t.step, t.event, e.seq, e.own_id as id, e.account, e.body
     from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) with ordinality
       as k (account, webhook, own, of_message, story, n)
     left join told_steps t
       on t.account = k.account collate "C" and t.webhook = k.webhook collate "C" and t.message = k.story
     left join events e on e.account = t.account and e.seq = t.event order by k.n`,
    [
      texts(deliveries.map(({ account }) => account)),
      texts(deliveries.map(({ webhook }) => webhook)),
      bigints(deliveries.map(({ keys }) => keys[0])),
      bigints(deliveries.map(({ keys }) => keys[1])),
      bigints(deliveries.map(({ event }) => storyKey(event))),
    ],
  );
  return rows;
}

/** Whether more of the message was told than this report says. */
export function isOutdated(event: Event, told: Pick<Facts, 'step'> & Partial<EventText>): boolean {
  const step = statusStep(event);
  if (step === 0 || told.step === null || step >= told.step) return false;
  const { seq, id = null, account, body } = told;
  // The key is a hash: another message may have it. Of one whose contents are gone it is not known whose story it told.
  if (!body || !seq || !account || isCutText(body)) return true;
  return storyOf(decodeEvent({ seq, id, account, body })) === storyOf(event);
}
