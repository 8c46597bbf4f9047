import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeEvent } from '../../../core/event-text.ts';
import { sequenceAt, sequenceId } from '../../../core/ids.ts';
import { dayMs } from '../../../core/keeping.ts';
import { testEvent } from '../../../testing/factories.ts';
import type { DeliveryFilter, History } from '../../ports/history.ts';
import { createPool } from '../pool.ts';
import { createQuestions } from '../questions/questions.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { createPostgresHistory } from './history.ts';

const databases = createTestDatabases();
const now = Date.UTC(2026, 5, 1, 15);
const webhooks = 12;
/** One an hour, over some spans of time. */
const seqs = Array.from({ length: 240 }, (_, i) => sequenceAt(now - 10 * dayMs + i * 3_600_000));
let pool: Pool;
let history: History;

beforeAll(async () => {
  const url = await databases.laidOut('moving');
  pool = createPool({ url, most: 6 });
  const questions = createQuestions(pool);
  history = createPostgresHistory({ questions, clock: { now: () => now }, numberKey: new Uint8Array(32) });
  await pool.query(
    `insert into events (account, seq, accepted_at, deliveries, message_key, body)
     select 'acc_1', seq, seq / 4096 + 1735689600000, 1, seq, $2 from unnest($1::bigint[]) as e (seq)`,
    [seqs, encodeEvent(testEvent({}))],
  );
  await pool.query(
    `insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due)
     select 'acc_1', 'wh_' || n % ${webhooks}, seq + 32, seq, 1, 0, 0, 0, 0
     from unnest($1::bigint[]) with ordinality as e (seq, n)`,
    [seqs],
  );
});
afterAll(async () => {
  await pool.end();
  await databases.remove();
});

/** All of a webhook's are delivered, or are all sent again, at one moment. */
const move = [
  `with gone as (delete from waiting where webhook = $1 returning *)
   insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at)
   select account, seq, event, webhook, 3, 1, 1, 0, 0 from gone`,
  `with gone as (delete from deliveries where webhook = $1 returning *)
   insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due)
   select account, webhook, seq, event, 1, 0, 0, 0, 0 from gone`,
] as const;

it.each<[string, DeliveryFilter]>([
  ['an account', { accountId: 'acc_1' }],
  ['everybody', { accountId: null }],
])('lists each delivery of %s once, while they are delivered and sent again', async (_, filter) => {
  let isOver = false;
  let moves = 0;
  const moving = (async () => {
    for (let n = 0; !isOver; n++) {
      for (const statement of move) await pool.query(statement, [`wh_${n % webhooks}`]);
      moves++;
    }
  })();
  const expected = seqs.map((seq) => sequenceId('dlv', seq + 32)).reverse();
  try {
    for (let walk = 0; walk < 10 || moves < 2 * webhooks; walk++) {
      const found: string[] = [];
      for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
        const page: Awaited<ReturnType<History['listDeliveryIds']>> = await history.listDeliveryIds(filter, {
          limit: 30,
          cursor,
        });
        found.push(...page.data);
        cursor = page.nextCursor;
      }
      expect(found).toEqual(expected);
    }
  } finally {
    isOver = true;
    await moving;
  }
});
