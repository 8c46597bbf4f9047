import type { ClientBase } from 'pg';
import { cutIdentity } from '../../../core/cut-event.ts';
import type { Event } from '../../../core/event.ts';
import { eventIdentity, reportIdentity, reportsKeptMs } from '../../../core/event-identity.ts';
import { parseSequenceId } from '../../../core/ids.ts';
import { decodeEvent } from '../../event-body.ts';
import { newEventOf } from '../../log/rows.ts';
import { bigints, texts } from '../array-params.ts';
import { askKept } from '../kept-statements.ts';
import type { IncomingRow } from './new-event.ts';

/** A stored event that a new one repeats. */
export interface SameEvent {
  readonly seq: number;
  readonly ownId: string | null;
  readonly deliveries: number;
  readonly event: Event;
}

/** Who has the identity that an event was to be stored under. */
export type Holder =
  | { readonly is: 'same'; readonly same: SameEvent }
  /** It was stored before: the answer of the commit was lost. */
  | { readonly is: 'itself'; readonly seq: number }
  /** An event that is too old to be the same, or gone; this is its number. */
  | { readonly is: 'former'; readonly seq: number }
  /** Another report that has the same hash. */
  | { readonly is: 'other' }
  /** Nobody any more. */
  | { readonly is: 'nobody' };

interface HolderRow {
  readonly n: number;
  readonly holder: number;
  readonly id: string | null;
  readonly account: string | null;
  readonly deliveries: number;
  readonly body: string;
  readonly accepted_at: number;
}

const findHoldersStatement = {
  name: 'find_holders',
  text: `select k.n, i.seq as holder, e.own_id as id, e.account, e.deliveries, e.body, e.accepted_at
     from unnest($1::text[], $2::bigint[]) with ordinality as k (account, identity, n)
     join event_identities i on i.account = k.account collate "C" and i.identity = k.identity
     left join events e on e.account = i.account and e.seq = i.seq`,
};

/**
 * Who has the identities of these. A hash only finds: what is stored of the event is compared, since two reports may have one
 * hash.
 */
export async function findHolders(
  client: ClientBase,
  events: readonly IncomingRow[],
  numberKey: Uint8Array,
): Promise<readonly Holder[]> {
  const { rows } = await askKept<HolderRow>(client, findHoldersStatement, [
    texts(events.map(({ row }) => row.account)),
    bigints(events.map(({ identity }) => identity)),
  ]);
  const byPlace = new Map(rows.map((row) => [row.n - 1, row]));
  return events.map((incoming, place) => holderOf(incoming, byPlace.get(place), numberKey));
}

function holderOf(
  { row, acceptedAt, numbers }: IncomingRow,
  held: HolderRow | undefined,
  numberKey: Uint8Array,
): Holder {
  if (!held) return { is: 'nobody' };
  if (numbers.includes(held.holder)) return { is: 'itself', seq: held.holder };
  if (held.account === null) return { is: 'former', seq: held.holder };
  const { holder: seq, id: ownId, account, body, deliveries } = held;
  const event = decodeEvent({ seq, id: ownId, account, body });
  if (!isIdentity(event, ownId, row.identity, numberKey)) return { is: 'other' };
  if (row.ownId === null && acceptedAt - held.accepted_at >= reportsKeptMs) return { is: 'former', seq };
  return { is: 'same', same: { seq, ownId, deliveries, event } };
}

/** Of one whose contents are gone, what it said is known by its hash, or not at all. */
function isIdentity(event: Event, ownId: string | null, identity: string, numberKey: Uint8Array): boolean {
  if (!event.cut || ownId !== null) return eventIdentity(event, ownId) === identity;
  return event.cut.identity !== null && event.cut.identity === cutIdentity(numberKey, identity);
}

/** Whether an event with an id of its own is another report than the one that is stored under that. */
export function differs({ row }: IncomingRow, stored: Event, numberKey: Uint8Array): boolean {
  if (row.ownId === null) return false;
  const identity = reportIdentity(newEventOf(row));
  if (!stored.cut) return reportIdentity(stored) !== identity;
  return stored.cut.identity !== null && stored.cut.identity !== cutIdentity(numberKey, identity);
}

/**
 * Events that are stored without an id of their account's, by the id that the gateway made for them and shows: the account may
 * hand it back as its own. By the id.
 */
export async function findShown(
  client: ClientBase,
  events: readonly IncomingRow[],
): Promise<ReadonlyMap<IncomingRow, SameEvent>> {
  const asked = events.flatMap((incoming) => {
    const seq = incoming.row.ownId === null ? null : parseSequenceId('evt', incoming.row.ownId);
    return seq === null ? [] : [{ incoming, seq }];
  });
  if (asked.length === 0) return new Map();
  const { rows } = await client.query<{ n: number; seq: number; deliveries: number; body: string }>(
    `select k.n, e.seq, e.deliveries, e.body from unnest($1::text[], $2::bigint[]) with ordinality as k (account, seq, n)
     join events e on e.account = k.account collate "C" and e.seq = k.seq and e.own_id is null`,
    [texts(asked.map(({ incoming }) => incoming.row.account)), bigints(asked.map(({ seq }) => seq))],
  );
  const found = new Map<IncomingRow, SameEvent>();
  for (const { n, seq, deliveries, body } of rows) {
    const incoming = asked[n - 1]?.incoming;
    if (!incoming) continue;
    const event = decodeEvent({ seq, id: null, account: incoming.row.account, body });
    found.set(incoming, { seq, ownId: null, deliveries, event });
  }
  return found;
}
