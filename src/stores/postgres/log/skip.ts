import type { ClientBase } from 'pg';
import { heldCode, stateCode } from '../../codes.ts';
import { bigints } from '../array-params.ts';
import type { Webhook } from './loads.ts';
import { lockEach, lockQueues } from './message-locks.ts';
import { type Turns, takeTurns } from './take-turns.ts';

const retrying = stateCode('retrying');
const skipped = stateCode('skipped');
/** A transaction's; what comes from elsewhere gets between. */
const atOnce = 1_000;

export interface Skip extends Webhook {
  readonly reason: string;
  /** ms since the Unix epoch. */
  readonly now: number;
}

/** What came of ending some deliveries, and of those that waited behind them. */
export interface Skipped extends Turns {
  /** How many waited, and do no more. */
  readonly deliveries: number;
}

/** Moves what `which` chooses of `waiting w` to what has ended. */
const skipThose = (which: string): string => `
  with ended as (delete from waiting w where ${which} returning w.*), kept as (
    insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, reason, status_code, error_class)
    select account, seq, event, webhook, ${skipped}, attempts, since_replay, 0, $3::bigint, $4::text, status_code, error_class
    from ended
  ) select account, webhook, event, order_key, state from ended`;
const ofWebhook = 'w.account = $1::text collate "C" and w.webhook = $2::text collate "C"';

interface EndedRow extends Webhook {
  readonly event: number;
  readonly order_key: number | null;
  readonly state: number;
}

/**
 * Ends these deliveries as far as they wait, in one transaction that the caller has begun. Where the webhook wants order, those of
 * their messages that waited behind them have their turn.
 */
export async function skipDeliveries(
  client: ClientBase,
  { account, webhook, reason, now }: Skip,
  deliveries: readonly number[],
): Promise<Skipped> {
  await client.query(
    lockEach(
      `(select w.webhook, w.order_key from waiting w where ${ofWebhook} and w.seq = any($3::bigint[])) as q`,
    ),
    [account, webhook, bigints(deliveries)],
  );
  const { rows } = await client.query<EndedRow>(skipThose(`${ofWebhook} and w.seq = any($5::bigint[])`), [
    ...[account, webhook, now, reason],
    bigints(deliveries),
  ]);
  // One that was held was behind another: nobody's turn comes because it ends.
  const ended = rows
    .filter(({ state }) => state !== heldCode)
    .map((row) => ({ ...row, isDelivered: false, at: now }));
  return { deliveries: rows.length, ...(await takeTurns(client, ended)) };
}

/**
 * Ends some of what waits for a webhook, in one transaction that the caller has begun; those that are held first, so that nobody's
 * turn comes. Resolves to how many, 0: there are no more.
 */
export async function skipSome(client: ClientBase, { account, webhook, reason, now }: Skip): Promise<number> {
  for (const states of [`= ${heldCode}`, `<= ${retrying}`]) {
    const { rows } = await client.query<{ seq: number; order_key: number | null }>(
      `select seq, order_key from waiting w where ${ofWebhook} and w.state ${states} order by w.seq limit ${atOnce}`,
      [account, webhook],
    );
    if (rows.length === 0) continue;
    // Who stores a report of one of these messages now finds none that waits, or is found.
    await lockQueues(
      client,
      rows.flatMap(({ order_key: key }) => (key === null ? [] : [{ webhook, key }])),
    );
    const { rowCount } = await client.query(skipThose(`${ofWebhook} and w.seq = any($5::bigint[])`), [
      ...[account, webhook, now, reason],
      bigints(rows.map(({ seq }) => seq)),
    ]);
    if (rowCount) return rowCount;
  }
  return 0;
}
