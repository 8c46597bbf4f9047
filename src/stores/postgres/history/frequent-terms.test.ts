import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeEvent } from '../../../core/event-text.ts';
import { sequenceAt, sequenceId } from '../../../core/ids.ts';
import { nodeStride } from '../../../core/node-sequence.ts';
import { testEvent } from '../../../testing/factories.ts';
import type { DeliveryFilter, EventFilter, History } from '../../ports/history.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { contentTermsOf } from '../../search/content-terms.ts';
import { createPool } from '../pool.ts';
import { createQuestions } from '../questions/questions.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { createPostgresHistory } from './history.ts';

const databases = createTestDatabases();
const numberKey = new Uint8Array(32).fill(7);
const now = Date.UTC(2026, 5, 1, 15);
/** More than are looked up at once, within 40 ms, of four processes: the deliveries of each lie among those of the others. */
const count = 6_000;
const processes = 4;
const first = sequenceAt(now - 1_000);
const events = Array.from({ length: count }, (_, i) => ({
  account: `acc_${i % 3}`,
  seq: first + Math.floor(i / processes) * 3 * nodeStride + (i % processes),
}));
const event = testEvent({ transactionId: 'campaign', mobileNumber: '525512345678' });
let pool: Pool;
let history: History;

beforeAll(async () => {
  pool = createPool({ url: await databases.laidOut('frequent'), most: 2 });
  history = createPostgresHistory({ questions: createQuestions(pool), clock: { now: () => now }, numberKey });
  const { message, transaction, number } = contentTermsOf(numberKey, event);
  const rows = [events.map(({ account }) => account), events.map(({ seq }) => seq)];
  const given = 'unnest($1::text[], $2::bigint[]) as e (account, seq)';
  await pool.query(
    `insert into events (account, seq, accepted_at, deliveries, message_key, transaction_key, number_key, body)
     select account, seq, ${now}, 2, $3, $4, $5, $6 from ${given}`,
    [...rows, message, transaction, number, encodeEvent(event)],
  );
  await pool.query(
    `insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due)
     select account, 'wh_1', seq + ${nodeStride}, seq, 1, 0, 0, 0, ${now} from ${given}`,
    rows,
  );
  await pool.query(
    `insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at)
     select account, seq + ${2 * nodeStride}, seq, 'wh_2', 3, 1, 1, 0, ${now} from ${given}`,
    rows,
  );
});
afterAll(async () => {
  await pool.end();
  await databases.remove();
});

async function whole<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit: 700, cursor });
    found.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

const newestFirst = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => b - a);
const filters: readonly Omit<EventFilter, 'accountId'>[] = [
  { transactionId: 'campaign' },
  { messageId: event.messageId },
  // Its other writing: both end alike.
  { mobileNumber: '5215512345678' },
  { mobileNumber: '+52 55 1234 5678' },
  { mobileNumber: '5678' },
];

it.each(filters)('finds each delivery once, newest first, where thousands share %o', async (filter) => {
  const all: DeliveryFilter = { accountId: 'acc_1', ...filter };
  const mine = events.filter(({ account }) => account === 'acc_1');
  const expected = newestFirst(mine.flatMap(({ seq }) => [seq + nodeStride, seq + 2 * nodeStride]));
  const found = await whole((page) => history.listDeliveryIds(all, page));
  expect(found).toEqual(expected.map((seq) => sequenceId('dlv', seq)));
  const ended = await whole((page) => history.listDeliveryIds({ ...all, state: 'delivered' }, page));
  expect(ended).toHaveLength(mine.length);
});

it.each(filters)('finds each event once, newest first, where thousands share %o', async (filter) => {
  const found = await whole((page) => history.findEvents({ accountId: null, ...filter }, page));
  const expected = newestFirst(events.map(({ seq }) => seq));
  expect(found.map(({ event: { id } }) => id)).toEqual(expected.map((seq) => sequenceId('evt', seq)));
  expect(found.every(({ deliveries }) => deliveries.pending === 1 && deliveries.delivered === 1)).toBe(true);
});
