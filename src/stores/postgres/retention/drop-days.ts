import type { ClientBase } from 'pg';
import { sequenceAt } from '../../../core/ids.ts';
import { dayMs } from '../../../core/keeping.ts';
import { advanceCursor, type CursorPlans } from './cursors.ts';
import { dropDay, nameOf, partitionedDays } from './partitions.ts';

export interface DroppedDay {
  readonly plans: CursorPlans;
  /** Events that went. */
  readonly dropped: number;
}

/** Identities that are taken away in a piece: some ms. */
const identitiesTogether = 500;

/**
 * Drops the oldest day that no account's log keeps any more and of which nothing waits, whatever it has: its rows are not
 * deleted one by one, which would leave as many dead ones. Inside a transaction. `null`: there is none, or somebody reads it.
 */
export async function dropOldDay(
  client: ClientBase,
  plans: CursorPlans,
  now: number,
): Promise<DroppedDay | null> {
  const keeps = plans.log.cursors.map(({ keepMs }) => keepMs ?? Number.POSITIVE_INFINITY);
  const longest = Math.max(...keeps);
  if (longest === Number.POSITIVE_INFINITY) return null;
  const [day] = await partitionedDays(client);
  // A day more: what was accepted just before it may have a number of its own clock's next day.
  if (!day || day.before > sequenceAt(now - longest - dayMs)) return null;
  const { rows } = await client.query<{ n: number }>(`select count(*) as n from events_${nameOf(day)}`);
  await client.query('savepoint whole_day');
  const isGone = await dropDay(client, day);
  // Nobody can ask for one of its deliveries again now; somebody may have, before.
  const { rowCount: waiting } = await client.query(
    'select 1 from waiting where event >= $1 and event < $2 limit 1',
    [day.from, day.before],
  );
  if (!isGone || waiting) {
    await client.query('rollback to savepoint whole_day');
    return null;
  }
  await client.query('delete from retention_left where event >= $1 and event < $2', [day.from, day.before]);
  let after = plans;
  for (const cursor of plans.log.cursors)
    if (cursor.upto < day.before - 1) after = advanceCursor(after, cursor, day.before - 1);
  return { plans: after, dropped: rows[0]?.n ?? 0 };
}

/** Takes some identities away of events that went with their day. @returns how many */
export async function forgetIdentities(client: ClientBase): Promise<number> {
  const { rowCount } = await client.query(
    `delete from event_identities where ctid = any(array(
       select ctid from event_identities
       where seq < coalesce((select seq from events order by seq limit 1), 0) limit ${identitiesTogether}))`,
  );
  return rowCount ?? 0;
}
