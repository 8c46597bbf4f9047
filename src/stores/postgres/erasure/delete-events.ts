import type { ClientBase, Pool } from 'pg';
import { createTally, type Tally } from '../../erasure/tally.ts';
import { lastDeliveryOf, type Numbering, spacingOf } from '../spacing.ts';
import { inTransaction } from '../transaction.ts';
import { count } from './counts.ts';
import { markDays } from './marks.ts';

export interface DeleteRequest {
  readonly erasure: string;
  readonly accountId: string;
  readonly events: readonly number[];
}

type Deleting = Numbering;

/** Events of one transaction, and their deliveries, of which the last event may have more. */
const eventsTogether = 200;
const deliveriesTogether = 1_000;
/** Rows that go in one transaction, each of attempts and deliveries. */
const rowsAtOnce = 1_000;

/** Deletes events with their deliveries and attempts, in their order; gives how many are gone. */
export function deleteEvents(pool: Pool, { erasure, accountId, events }: DeleteRequest): Promise<number> {
  return inTransaction(pool, 'read committed', async (client) => {
    const some = events.slice(0, eventsTogether);
    if (some.length === 0) return 0;
    const { rows } = await client.query<Deleting>(
      `select seq, deliveries, ${spacingOf()} as spacing from events where account = $1 and seq = any($2) and seq between $3 and $4
       order by seq for update`,
      [accountId, some, Math.min(...some), Math.max(...some)],
    );
    const deleting = upTo(rows, deliveriesTogether);
    const tally = createTally();
    const isAll = await deleteAll(client, accountId, deleting, tally);
    await markDays(client, deleting);
    await count(client, erasure, tally.counts);
    if (!isAll) return 0;
    const next = rows[deleting.length];
    return next ? some.indexOf(next.seq) : some.length;
  });
}

function upTo(rows: readonly Deleting[], most: number): readonly Deleting[] {
  let deliveries = 0;
  const end = rows.findIndex((row) => {
    deliveries += row.deliveries;
    return deliveries > most;
  });
  return end < 0 ? rows : rows.slice(0, Math.max(1, end));
}

/** `false`: there is more of them. */
async function deleteAll(
  client: ClientBase,
  accountId: string,
  events: readonly Deleting[],
  tally: Tally,
): Promise<boolean> {
  if (events.length === 0) return true;
  const seqs = events.map(({ seq }) => seq);
  const lasts = events.map(lastDeliveryOf);
  const ofEvents = 'unnest($2::bigint[], $3::bigint[], $6::smallint[]) as e (seq, last, spacing)';
  const spacings = events.map(({ spacing }) => spacing);
  const params = [accountId, seqs, lasts, Math.min(...seqs), Math.max(...lasts), spacings];
  const some = async (table: string, key: string, number: string, own: string): Promise<unknown[]> => {
    const { rows } = await client.query(
      `delete from ${table} where account = $1 and ${key} > $4 and ${key} <= $5 and (${key}, ${number}) in (
         select t.${key}, t.${number} from ${ofEvents} join ${table} t
           on t.account = $1 and t.${key} > e.seq and t.${key} <= e.last and ${own} and t.${key} > $4 and t.${key} <= $5
         limit ${rowsAtOnce})
       returning ${table === 'deliveries' ? 'started_at' : 'null'}`,
      params,
    );
    return rows;
  };
  const former = await some('attempts', 'delivery', 'number', '(t.delivery - e.seq) % e.spacing = 0');
  tally.add('attempts', former.length);
  if (former.length === rowsAtOnce) return false;
  const ended = (await some('deliveries', 'seq', 'event', 't.event = e.seq')) as {
    started_at: number | null;
  }[];
  tally.add('deliveries', ended.length);
  tally.add('attempts', ended.filter(({ started_at }) => started_at !== null).length);
  if (ended.length === rowsAtOnce) return false;
  const waited = await some('waiting', 'seq', 'event', 't.event = e.seq');
  tally.add('deliveries', waited.length);
  if (waited.length === rowsAtOnce) return false;
  await client.query('delete from event_identities where seq = any($1)', [seqs]);
  await client.query('delete from retention_left where account = $1 and event = any($2)', [accountId, seqs]);
  await client.query('delete from events where account = $1 and seq = any($2) and seq between $3 and $4', [
    ...[accountId, seqs, Math.min(...seqs), Math.max(...seqs)],
  ]);
  tally.add('events', seqs.length);
  return true;
}
