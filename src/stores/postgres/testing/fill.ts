import type { Pool } from 'pg';
import { encodeEvent } from '../../../core/event-text.ts';
import { sequenceAt } from '../../../core/ids.ts';
import { dayMs } from '../../../core/keeping.ts';
import { nodeStride } from '../../../core/node-sequence.ts';
import { testEvent } from '../../../testing/factories.ts';
import { errorClassCode, stateCode } from '../../codes.ts';
import { contentTermsOf } from '../../search/content-terms.ts';
import { makePartitions } from '../retention/partitions.ts';

/** What a database is filled with: events with a delivery each, evenly over days that end now. */
export interface Filling {
  readonly numberKey: Uint8Array;
  readonly now: number;
  readonly days: number;
  /** Events in all; as many of them as `waiting` wait, the newest, and of the others one of a hundred failed. */
  readonly events: number;
  readonly waiting: number;
  readonly accounts: number;
  readonly webhooksOfEach: number;
}

const together = 5_000;

/** The account of an event, its webhook, and what it is found by. */
export function filled(i: number, { accounts, webhooksOfEach }: Filling) {
  const account = i % accounts;
  return {
    accountId: `acc_${account}`,
    webhookId: `wh_${account}_${Math.floor(i / accounts) % webhooksOfEach}`,
    messageId: `message-${i}`,
    transactionId: `campaign-${i % 97}`,
    mobileNumber: `9198${String(10_000_000 + ((i * 7_919) % 9_999_991))}`,
  };
}

/** Fills it as the log would have, some 30 µs an event. */
export async function fill(pool: Pool, filling: Filling): Promise<void> {
  const { now, days, events, waiting, accounts, webhooksOfEach } = filling;
  const client = await pool.connect();
  for (let day = days; day >= 0; day -= 14) await makePartitions(client, now - day * dayMs);
  client.release();
  await pool.query(
    "insert into accounts (id, name, created_at) select 'acc_' || n, 'Acme', 0 from generate_series(0, $1::integer - 1) n",
    [accounts],
  );
  await pool.query(
    `insert into webhooks (account_id, id, product, report_type, status, search_text, version, created_at, updated_at)
     select 'acc_' || a, 'wh_' || a || '_' || w, 'sms', 'dlr', 'enabled', '', 1, 0, 0
     from generate_series(0, $1::integer - 1) a, generate_series(0, $2::integer - 1) w`,
    [accounts, webhooksOfEach],
  );
  const first = sequenceAt(now - days * dayMs);
  const apart = Math.floor((sequenceAt(now) - first) / events / nodeStride) * nodeStride;
  for (let from = 0; from < events; from += together) {
    const some = Array.from({ length: Math.min(together, events - from) }, (_, place) => from + place);
    const rows = some.map((i) => {
      const seq = first + i * apart;
      const { webhookId, ...parts } = filled(i, filling);
      const event = testEvent(parts);
      return { i, seq, webhookId, event, ...contentTermsOf(filling.numberKey, event) };
    });
    await pool.query(
      `insert into events (account, seq, accepted_at, deliveries, message_key, transaction_key, number_key, body)
       select a, s, s / 4096 + 1735689600000, 1, m, t, n, b
       from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[]) as e (a, s, m, t, n, b)`,
      [
        rows.map(({ event }) => event.accountId),
        rows.map(({ seq }) => seq),
        rows.map(({ message }) => message),
        rows.map(({ transaction }) => transaction),
        rows.map(({ number }) => number),
        rows.map(({ event }) => encodeEvent(event)),
      ],
    );
    const ended = rows.filter(({ i }) => i < events - waiting);
    const isFailed = (i: number): boolean => i % 100 === 7;
    await pool.query(
      `insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, reason,
         webhook_version, attempt_manual, started_at, duration_ms, status_code, error_class)
       select a, s + ${nodeStride}, s, w, case when f then ${stateCode('failed')} else ${stateCode('delivered')} end, 1, 1, 0,
         s / 4096 + 1735689600050, case when f then 'attempts_exhausted' end, 1, 0, s / 4096 + 1735689600010, 40,
         case when f then 500 else 200 end, case when f then ${errorClassCode('status')} end
       from unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[]) as d (a, s, w, f)`,
      [
        ended.map(({ event }) => event.accountId),
        ended.map(({ seq }) => seq),
        ended.map(({ webhookId }) => webhookId),
        ended.map(({ i }) => isFailed(i)),
      ],
    );
    const waits = rows.slice(ended.length);
    await pool.query(
      `insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due)
       select a, w, s + ${nodeStride}, s, ${stateCode('pending')}, 0, 0, 0, s / 4096 + 1735689600000
       from unnest($1::text[], $2::bigint[], $3::text[]) as d (a, s, w)`,
      [
        waits.map(({ event }) => event.accountId),
        waits.map(({ seq }) => seq),
        waits.map(({ webhookId }) => webhookId),
      ],
    );
  }
}
