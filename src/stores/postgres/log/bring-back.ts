import type { Pool } from 'pg';
import { stateCode } from '../../codes.ts';
import { onConnection } from '../connection.ts';

const retrying = stateCode('retrying');
const atOnce = 500;
/** No endpoint can ask for more; see `delivery/retry-after.ts`. */
const longestWaitMs = 24 * 60 * 60 * 1000;
/** An attempt ends a moment after it was asked when it is. */
const sameMs = 1_000;

interface Place {
  readonly account: string;
  readonly webhook: string;
  readonly seq: number;
}

/**
 * Brings retries back that were planned by a clock which has been set back since: one whose latest attempt lies in the future
 * waits as long from now as it was to wait from then. What was to be sent at once is due now, and nothing waits for longer than
 * an endpoint can ask for. Resolves to how many. It passes all that waits once, some hundred rows at a time.
 */
export async function bringBack(pool: Pool, now: number): Promise<number> {
  let moved = 0;
  let place: Place = { account: '', webhook: '', seq: 0 };
  for (;;) {
    const next = await bringSomeBack(pool, now, place);
    if (!next) return moved;
    moved += next.moved;
    place = next;
  }
}

async function bringSomeBack(
  pool: Pool,
  now: number,
  { account, webhook, seq }: Place,
): Promise<(Place & { readonly moved: number }) | undefined> {
  const { rows } = await onConnection(pool, (client) =>
    client.query<Place & { readonly moved: number }>(statement, [now, account, webhook, seq]),
  );
  return rows[0];
}

// One that is due before its attempt ended was brought back already.
const statement = `
  with later as (
    select w.account, w.webhook, w.seq, w.due, case
        when w.manual = 1 or w.attempts = 0 or a.ended is null then $1::bigint
        else $1::bigint + least(case when a.ended > $1::bigint + ${sameMs} and w.due >= a.ended then w.due - a.ended else w.due - $1::bigint end, ${longestWaitMs})
      end as due_now
    from waiting w
    left join lateral (
      select a.started_at + a.duration_ms as ended from attempts a
      where a.account = w.account and a.delivery = w.seq and a.number = w.attempts) as a on true
    where (w.account, w.webhook, w.seq) > ($2::text collate "C", $3::text collate "C", $4::bigint) and w.state = ${retrying} and w.due > $1::bigint
    order by w.account, w.webhook, w.seq limit ${atOnce}
  ), moved as (
    update waiting w set due = l.due_now from later l
    where w.account = l.account and w.webhook = l.webhook and w.seq = l.seq and l.due_now < l.due and w.due = l.due returning 1
  )
  select account, webhook, seq, (select count(*) from moved) as moved from later order by account desc, webhook desc, seq desc limit 1`;
