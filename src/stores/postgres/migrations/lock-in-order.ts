import type { ClientBase } from 'pg';
import { schemaGate } from '../transaction.ts';

/**
 * Tables of the traffic, in the order in which its single statements name them: who stores begins with identities, who records with
 * leases, who loads with what waits; events come last.
 */
const ofTraffic = ['event_identities', 'shard_leases', 'waiting', 'deliveries', 'attempts', 'events'];

/**
 * Locks the tables that a step alters before it begins with them, in the traffic's order. In the step's own order it would have one that a
 * transaction of the traffic wants, and want one that this has: neither goes on until the step gives up, and in traffic that
 * never rests the next try meets the next transaction. Transactions of several statements, which take tables in either order, have ended
 * by then, and no other one begins (`beginBrief`).
 */
export async function lockInOrder(client: ClientBase, sql: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [schemaGate]);
  const altered = new Set(
    [...sql.matchAll(/\balter table (?:only )?(\w+)/gi)].map(([, table]) => table ?? ''),
  );
  const order = [
    ...[...altered].filter((table) => !ofTraffic.includes(table)),
    ...ofTraffic.filter((table) => altered.has(table)),
  ];
  // The step itself may make one.
  const { rows } = await client.query<{ table: string }>(
    'select name as table from unnest($1::text[]) with ordinality as t (name, n) where to_regclass(name) is not null order by n',
    [order],
  );
  if (rows.length > 0)
    await client.query(`lock table ${rows.map(({ table }) => table).join()} in access exclusive mode`);
}
