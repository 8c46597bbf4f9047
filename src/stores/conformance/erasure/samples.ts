import type { QueuedDelivery } from '../../../core/delivery.ts';
import type { Event } from '../../../core/event.ts';
import type { Sought } from '../../../core/traces.ts';
import { eventually } from '../../../testing/eventually.ts';
import type { EventParts } from '../../../testing/factories.ts';
import type { ManualClock } from '../../../testing/manual-clock.ts';
import type { NewEvent } from '../../ports/delivery-log.ts';
import {
  type Erasure,
  type ErasureCounts,
  type ErasureLook,
  erasedReason,
  type RestPlace,
  type WaitingEvent,
  type WipePlace,
} from '../../ports/erasures.ts';
import type { OpenStore } from '../open-store.ts';
import { appendTold, delivered, newEvent, record, unique } from '../samples.ts';

const day = 24 * 3_600_000;
const at = Date.UTC(2026, 10, 22, 10);
let people = 0;

/** A number that no other test uses, nor one that ends alike. */
export function uniqueNumber(): string {
  return `9198${String(31_000_017 + ++people * 10_007)}`;
}

/** A person's erasure, over all accounts unless told. */
export function erasure(sought: Sought, parts: Partial<Erasure> = {}): Erasure {
  return {
    id: unique('task'),
    kind: 'erasure',
    accountId: null,
    deletedAccountId: null,
    sought,
    waiting: 'deliver',
    by: { kind: 'person', id: 'per_1', name: 'Ada Lovelace' },
    state: 'waiting',
    createdAt: at,
    finishedAt: null,
    place: {
      ...({ step: 'events', after: 0, first: null, upTo: null } as const),
      ...{ outstanding: [], againFrom: null, sentSince: false },
    },
    counts: {},
    ...parts,
  };
}

export function accountDeletion(accountId: string): Erasure {
  return {
    ...erasure({ messageId: '' }),
    kind: 'account_deletion',
    deletedAccountId: accountId,
    sought: null,
  };
}

/** Stores events and gives their deliveries, in order. */
export async function accept({ log }: Pick<OpenStore, 'log'>, ...entries: NewEvent[]) {
  const told: QueuedDelivery[] = [];
  const wanted = new Set(entries.flatMap(({ webhookIds }) => webhookIds));
  log.onAccepted((deliveries) => told.push(...deliveries.filter((each) => wanted.has(each.webhookId))));
  const results = await appendTold(log, entries);
  return { deliveries: told, ids: results.map(({ eventId }) => eventId), results };
}

/** Stores an event of an account, for a webhook of its own. */
export async function acceptOne(
  store: Pick<OpenStore, 'log'>,
  accountId: string,
  parts: EventParts = {},
  ownId: string | null = null,
): Promise<{ id: string; delivery: QueuedDelivery }> {
  const { deliveries, ids } = await accept(store, newEvent([unique('wh')], { accountId, ...parts }, ownId));
  const [[delivery], [id]] = [deliveries, ids];
  if (!delivery || id === undefined) throw new Error('nothing told');
  return { id, delivery };
}

/** The same of an event whose delivery has ended, with what its endpoint answered. */
export async function endedOne(
  store: Pick<OpenStore, 'log'>,
  ...given: [accountId: string, parts: EventParts, ownId?: string]
): Promise<{ id: string; delivery: QueuedDelivery }> {
  const stored = await acceptOne(store, ...given);
  await record(store.log, stored.delivery, delivered, { responseBody: 'OK', errorDetail: 'said OK' });
  return stored;
}

/** Lets the time pass after which contents of an account's events are cut, and keeps those that come for ever. */
export async function cutContents(
  { retention }: Pick<OpenStore, 'retention'>,
  clock: ManualClock,
  accountId: string,
): Promise<void> {
  clock.advance(2 * day);
  const ofAll = { payloadMs: null, logMs: null };
  const own = new Map([[accountId, { payloadMs: day, logMs: null }]]);
  await retention.keep({ ofAll, own });
  await eventually(
    () => retention.cut({ now: clock.now(), mostMs: 1_000 }),
    ({ isDone }) => isDone,
  );
  await retention.keep({ ofAll, own: new Map([[accountId, ofAll]]) });
}

/** All numbers of events in which the person is, place by place; `find` never gives one twice. */
/** How long a look may be, ms. */
export const lookMs = 250;

export async function findAll(
  { erasures }: Pick<OpenStore, 'erasures'>,
  of: Erasure,
  where: { readonly look?: ErasureLook; readonly after?: number; readonly upTo?: number } = {},
): Promise<number[]> {
  const { look = 'events', upTo = (await erasures.storedSpan()).last } = where;
  const events: number[] = [];
  for (let after: number | null = where.after ?? 0; after !== null; ) {
    const found: Awaited<ReturnType<typeof erasures.find>> = await (of.kind === 'erasure'
      ? erasures.find(of, after, upTo, look, lookMs)
      : erasures.findOfAccount(of, after, upTo, lookMs));
    events.push(...found.events);
    after = found.next;
  }
  return events;
}

/** Erases a person from these events, in as many pieces as it takes; gives those that wait. */
export async function eraseThese(
  { erasures }: Pick<OpenStore, 'erasures'>,
  of: Erasure,
  events: readonly number[],
): Promise<readonly WaitingEvent[]> {
  const waiting: WaitingEvent[] = [];
  for (let left = events; left.length > 0; ) {
    const piece = await erasures.eraseEvents(of, left, 'events');
    waiting.push(...piece.waiting);
    left = left.slice(piece.done);
  }
  return waiting;
}

/** Erases a person from all events; gives those that wait. */
export async function eraseEvents(store: OpenStore, of: Erasure): Promise<readonly WaitingEvent[]> {
  return eraseThese(store, of, await findAll(store, of));
}

/** Makes an erasure and carries it out to its end, without what waits; gives its counts. */
export async function erase(store: OpenStore, of: Erasure): Promise<ErasureCounts> {
  const { erasures } = store;
  await erasures.create(of);
  await eraseEvents(store, of);
  for (let from: RestPlace | null | 'start' = 'start'; from !== null; )
    from = await erasures.eraseRest(of, from === 'start' ? null : from);
  await wipe(store, of);
  await erasures.save({ ...of, state: 'done', place: null, finishedAt: at + 1 });
  return (await erasures.get(of.id))?.counts ?? {};
}

/** Removes an account that is marked as deleted, to the end; gives the counts. */
export async function removeAccount(store: OpenStore, accountId: string): Promise<ErasureCounts> {
  const { erasures } = store;
  const of = accountDeletion(accountId);
  await erasures.create(of);
  for (let left: readonly number[] = await findAll(store, of); left.length > 0; )
    left = left.slice(await erasures.deleteEvents(of, left));
  for (let from: RestPlace | null | 'start' = 'start'; from !== null; )
    from = await erasures.deleteRest(of, from === 'start' ? null : from);
  await wipe(store, of);
  await erasures.save({ ...of, state: 'done', place: null, finishedAt: at + 1 });
  return (await erasures.get(of.id))?.counts ?? {};
}

/** Leaves nothing in the files of what was erased. */
export async function wipe({ erasures }: Pick<OpenStore, 'erasures'>, of: Erasure): Promise<void> {
  await eventually(
    () => erasures.isForgotten(of),
    (isForgotten) => isForgotten,
  );
  await eventually(
    async () => {
      let place: WipePlace | null = null;
      let last = -1;
      do {
        place = await erasures.wipe(place);
        if (place !== null && place.page === last) return false;
        last = place?.page ?? -1;
      } while (place !== null);
      return true;
    },
    (isWiped) => isWiped,
  );
}

/** Ends waiting deliveries as an erasure drops them. */
export async function drop({ log }: Pick<OpenStore, 'log'>, waiting: readonly WaitingEvent[]): Promise<void> {
  for (const { id, webhookId } of waiting.flatMap(({ deliveries }) => deliveries))
    await log.skipDeliveries(webhookId, [id], erasedReason, at);
}

/** What is shown of an event by its id, without its deliveries. */
export async function shownEvent(
  { history }: Pick<OpenStore, 'history'>,
  id: string,
): Promise<Event | undefined> {
  return (await history.getEvent(id, null))?.event;
}
