import type { ClientBase, Pool } from 'pg';
import { stateCode } from '../../codes.ts';
import { bigints, texts } from '../array-params.ts';
import { AnswerLostError, onConnection, rollBack } from '../connection.ts';
import { isNotKept } from '../kept-statements.ts';
import { sqlState } from '../sql-state.ts';
import { beginBrief } from '../transaction.ts';
import { beginInOrder, lockMessages } from './begin-in-order.ts';
import { deliveryNumber, type IncomingRow, renumbered } from './new-event.ts';
import { differs, findHolders, findShown, type SameEvent } from './same-event.ts';
import { type Beginning, storeEvents } from './store-events.ts';

/** What became of an event. */
export type Committed =
  | {
      readonly is: 'stored';
      /** As it is in the database: it may have got another number. */
      readonly incoming: IncomingRow;
      /** Deliveries of it that cannot be sent yet, or never, by number. */
      readonly withheld: ReadonlyMap<number, Beginning>;
    }
  | { readonly is: 'same'; readonly same: Omit<SameEvent, 'event'>; readonly differs: boolean };

export interface CommitOptions {
  readonly numberKey: Uint8Array;
  /** A number for an event that cannot keep its own, with those of its deliveries behind it. */
  readonly takeNumber: (deliveries: number) => number;
}

const pending = stateCode('pending');
const none: ReadonlyMap<number, Beginning> = new Map();
/** One gets in the way of another process once, or has the hash of a few others. */
const triesAtMost = 20;

/**
 * Stores events, or finds those that were there before. Almost always that is one statement; who is the same as another, or has
 * the hash of another, takes a few more. Done again after its answer was lost, it finds what is stored already to be its own.
 *
 * @returns as many as were given, in their order
 * @throws {AnswerLostError}
 */
export async function commitEvents(
  pool: Pool,
  given: readonly IncomingRow[],
  options: CommitOptions,
): Promise<readonly Committed[]> {
  const { first, firstOf } = withoutRepeats(given);
  const committed = await onConnection(pool, (client) => commitFirst(client, first, options));
  return given.map((incoming): Committed => {
    const earlier = firstOf.get(incoming);
    if (earlier === undefined) return committed.get(incoming) as Committed;
    return repeated(incoming, earlier, committed.get(earlier) as Committed & Found, options);
  });
}

/** With what an own id's repeat is compared. */
interface Found {
  readonly stored?: SameEvent;
}

async function commitFirst(
  client: ClientBase,
  given: readonly IncomingRow[],
  options: CommitOptions,
): Promise<ReadonlyMap<IncomingRow, Committed & Found>> {
  const answers = new Map<IncomingRow, Committed & Found>();
  const isSame = (asked: IncomingRow, same: SameEvent): void => {
    answers.set(asked, {
      is: 'same',
      same,
      differs: differs(asked, same.event, options.numberKey),
      stored: same,
    });
  };
  for (const [asked, same] of await findShown(client, given)) isSame(asked, same);
  /** What is to be stored, and what it was given as. */
  let left = new Map(given.filter((each) => !answers.has(each)).map((each) => [each, each]));
  for (let tries = 0; left.size > 0; tries++) {
    if (tries === triesAtMost) throw new Error(`${left.size} events could not be told from others.`);
    const events = [...left.keys()];
    const { taken, beginnings } = await store(client, events, options).catch(doubt(tries > 0));
    for (const [incoming, asked] of left) {
      if (!taken.has(incoming.row.seq)) answers.set(asked, stored(incoming, beginnings));
    }
    const conflicts = events.filter(({ row }) => taken.has(row.seq));
    const again = new Map<IncomingRow, IncomingRow>();
    const own = new Map<IncomingRow, IncomingRow>();
    const holders =
      conflicts.length === 0
        ? []
        : await findHolders(client, conflicts, options.numberKey).catch(doubt(true));
    for (const [i, incoming] of conflicts.entries()) {
      const holder = holders[i];
      const asked = left.get(incoming) as IncomingRow;
      const number = (): number => options.takeNumber(incoming.row.webhookIds.length);
      if (holder?.is === 'same') isSame(asked, holder.same);
      else if (holder?.is === 'itself')
        own.set({ ...incoming, row: { ...incoming.row, seq: holder.seq } }, asked);
      else if (holder?.is === 'other') {
        again.set(renumbered(incoming, number(), { hash: incoming.hash + 1 }), asked);
      } else if (holder?.is === 'former') {
        again.set(renumbered(incoming, number(), { former: holder.seq }), asked);
      } else again.set(renumbered(incoming, number(), {}), asked);
    }
    for (const [incoming, beginnings] of await readBeginnings(client, [...own.keys()]).catch(doubt(true))) {
      answers.set(own.get(incoming) as IncomingRow, stored(incoming, beginnings));
    }
    left = again;
  }
  return answers;
}

/** What fails behind a statement that has stored something leaves it to be found out what that was. */
function doubt(hasStored: boolean): (error: unknown) => never {
  return (error) => {
    throw hasStored ? new AnswerLostError(error) : error;
  };
}

/** @returns the numbers of those that were not stored, and how the ordered deliveries of the others begin */
async function store(
  client: ClientBase,
  events: readonly IncomingRow[],
  options: CommitOptions,
): Promise<{ readonly taken: ReadonlySet<number>; readonly beginnings: ReadonlyMap<number, Beginning> }> {
  const isOrdered = events.some(({ row }) => row.orderedWebhookIds.length > 0);
  for (let tries = 1; ; tries++) {
    try {
      if (isOrdered) return await storeInOrder(client, events, options);
      return { taken: new Set(await storeEvents(client, events, options)), beginnings: none };
    } catch (error) {
      if (isOrdered) await rollBack(client, error);
      if (tries === triesAtMost || !(gotInTheWay.has(sqlState(error)) || isNotKept(error))) throw error;
    }
  }
}

const serializationFailure = '40001';
/** SQLSTATEs of who got in another's way: with them nothing was done. */
const gotInTheWay: ReadonlySet<string> = new Set([serializationFailure, '40P01']);

async function storeInOrder(client: ClientBase, events: readonly IncomingRow[], options: CommitOptions) {
  await client.query(beginBrief);
  await lockMessages(client, events);
  // A report that was there before is in nobody's way.
  const holders = await findHolders(client, events, options.numberKey);
  const isFresh = (i: number): boolean => {
    const holder = holders[i]?.is;
    return holder === 'nobody' || (holder === 'former' && events[i]?.former !== null);
  };
  const fresh = events.filter((_, i) => isFresh(i));
  const beginnings = await beginInOrder(client, fresh);
  const refused = fresh.length > 0 ? await storeEvents(client, fresh, { ...options, beginnings }) : [];
  // Another process has stored it since, whose webhooks want no order: it is looked at again.
  if (refused.length > 0) {
    await client.query('rollback');
    throw Object.assign(new Error('An event was stored meanwhile.'), { code: serializationFailure });
  }
  await client.query('commit');
  const taken = new Set(events.filter((_, i) => !isFresh(i)).map(({ row }) => row.seq));
  return { taken, beginnings };
}

function stored(incoming: IncomingRow, beginnings: ReadonlyMap<number, Beginning>): Committed {
  const { seq, webhookIds, orderedWebhookIds } = incoming.row;
  if (orderedWebhookIds.length === 0) return { is: 'stored', incoming, withheld: none };
  const withheld = new Map<number, Beginning>();
  for (const place of webhookIds.keys()) {
    const number = deliveryNumber(seq, place);
    const beginning = beginnings.get(number);
    if (beginning && beginning.state !== pending) withheld.set(number, beginning);
  }
  return { is: 'stored', incoming, withheld };
}

/** How the deliveries of events stand that were found to be stored already. */
async function readBeginnings(
  client: ClientBase,
  events: readonly IncomingRow[],
): Promise<ReadonlyMap<IncomingRow, ReadonlyMap<number, Beginning>>> {
  const found = new Map(events.map((incoming) => [incoming, new Map<number, Beginning>()]));
  const ordered = events.filter(({ row }) => row.orderedWebhookIds.length > 0);
  if (ordered.length === 0) return found;
  const byNumber = new Map(ordered.map((incoming) => [incoming.row.seq, incoming]));
  const { rows } = await client.query<{ event: number; seq: number; state: number; key: number | null }>(
    `select d.event, d.seq, d.state, d.order_key as key from unnest($1::text[], $2::bigint[], $3::bigint[]) as e (account, seq, last)
     cross join lateral (
       select w.event, w.seq, w.state, w.order_key from waiting w
         where w.account = e.account collate "C" and w.seq > e.seq and w.seq <= e.last and w.event = e.seq
       union all
       select d.event, d.seq, d.state, null from deliveries d
         where d.account = e.account collate "C" and d.seq > e.seq and d.seq <= e.last and d.event = e.seq) as d`,
    [
      texts(ordered.map(({ row }) => row.account)),
      bigints(ordered.map(({ row }) => row.seq)),
      bigints(ordered.map(({ row }) => deliveryNumber(row.seq, row.webhookIds.length - 1))),
    ],
  );
  for (const { event, seq, state, key } of rows) {
    const incoming = byNumber.get(event);
    if (incoming) found.get(incoming)?.set(seq, { state, key });
  }
  return found;
}

/** Of events that are the same within one commit the first is stored. */
function withoutRepeats(given: readonly IncomingRow[]): {
  readonly first: readonly IncomingRow[];
  readonly firstOf: ReadonlyMap<IncomingRow, IncomingRow>;
} {
  const byIdentity = new Map<string, IncomingRow>();
  const firstOf = new Map<IncomingRow, IncomingRow>();
  for (const incoming of given) {
    const earlier = byIdentity.get(incoming.row.identity);
    if (earlier) firstOf.set(incoming, earlier);
    else byIdentity.set(incoming.row.identity, incoming);
  }
  return { first: [...byIdentity.values()], firstOf };
}

function repeated(
  incoming: IncomingRow,
  earlier: IncomingRow,
  committed: Committed & Found,
  { numberKey }: CommitOptions,
): Committed {
  if (committed.is === 'same') {
    const differ = committed.stored ? differs(incoming, committed.stored.event, numberKey) : false;
    return { ...committed, differs: differ };
  }
  const { seq, ownId, webhookIds } = committed.incoming.row;
  const event = { ...earlier.entry.event, id: '' };
  const same = { seq, ownId, deliveries: webhookIds.length };
  return { is: 'same', same, differs: differs(incoming, event, numberKey) };
}
