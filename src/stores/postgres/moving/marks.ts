import type { ClientBase, Pool } from 'pg';
import { type MoveDirection, MoveError } from '../../moving/move-error.ts';
import { joinKey } from '../cluster/leases.ts';
import { inTransaction } from '../transaction.ts';
import { databaseNow, readMark, refusalOf } from './refuse-moved.ts';

/** What a move says of itself in a database. */
export interface MoveMark {
  readonly direction: MoveDirection;
  readonly other: string;
  readonly source: string;
}

/** A gateway is at work no more when nothing was heard of it for so long, ms. */
const heardWithinMs = 10_000;
/** Gateways are kept from a database that is moved from for so long, unless it is said again, ms. */
const keptAwayMs = 60_000;

/**
 * Marks a database for a move, while no gateway is at work on it; none begins to be behind that. One that the same move has begun
 * to fill is marked already: it goes on.
 *
 * @param held what a database has that is to be filled, `null`: nothing
 * @throws {MoveError}
 */
export function beginMove(
  pool: Pool,
  mark: MoveMark,
  held: (client: ClientBase) => Promise<string | null>,
): Promise<void> {
  return inTransaction(pool, 'read committed', async (client) => {
    // Who joins has this lock when it looks whether there is a mark.
    await client.query('select pg_advisory_xact_lock($1)', [joinKey]);
    await refuseAtWork(client);
    const before = await readMark(client);
    if (before?.direction === 'into') {
      if (mark.direction === 'into' && before.source === mark.source) return;
      throw new MoveError(
        'usage',
        `The database is half full of what was in ${before.other}: run the move from there again, or take an empty database.`,
      );
    }
    // One to the same place that was ended a moment ago goes on, also where the other store was all but ready.
    const isSame = before?.other === mark.other && mark.direction === 'from';
    if (before && !before.is_over && !isSame) throw refusalOf(before);
    if (before && before.until === null) return;
    if (mark.direction === 'into') {
      const found = await held(client);
      if (found !== null)
        throw new MoveError('usage', `The database is not empty, it has ${found}: move to one that is.`);
    }
    await client.query(
      `insert into moves (id, direction, other, source, until)
       values (1, $1, $2, $3, case when $1 = 'from' then ${databaseNow} + ${keptAwayMs} end)
       on conflict (id) do update set direction = excluded.direction, other = excluded.other, source = excluded.source,
         until = excluded.until, place = null`,
      [mark.direction, mark.other, mark.source],
    );
  });
}

/** Those of which nothing was heard lately are none any more. */
async function refuseAtWork(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select name from processes where seen_at > ${databaseNow} - $1 order by node limit 1`,
    [heardWithinMs],
  );
  const [gateway] = rows;
  if (!gateway) {
    // One that was only asleep finds itself gone, and ends.
    await client.query('delete from processes');
    await client.query('update shard_leases set owner = null, until = 0, epoch = epoch + 1');
    return;
  }
  throw new MoveError(
    'in_use',
    `The gateway ${gateway.name} is at work on this database, or was until a moment ago: stop it before the move.`,
  );
}

/** Gateways are to stay away from a database that is moved from. */
export async function keepAway(pool: Pool): Promise<void> {
  await pool.query(
    `update moves set until = ${databaseNow} + ${keptAwayMs} where direction = 'from' and until is not null`,
  );
}

/** Nobody needs to stay away any more, where not everything is elsewhere. */
export async function letBack(pool: Pool): Promise<void> {
  await pool.query("update moves set until = 0 where direction = 'from' and until is not null");
}

/** Everything is elsewhere. */
export async function handedOver(pool: Pool): Promise<void> {
  await pool.query("update moves set until = null where direction = 'from'");
}
