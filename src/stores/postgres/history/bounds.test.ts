import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayMs } from '../../../core/keeping.ts';
import type { DeliveryFilter, EventFilter } from '../../ports/history.ts';
import { createPool } from '../pool.ts';
import { createQuestions, type Questions } from '../questions/questions.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { explaining } from '../testing/explained.ts';
import { type Filling, fill, filled } from '../testing/fill.ts';
import { findEvents } from './find-events.ts';
import { listDeliveries, listDeliveryIds, type PageAnswer } from './list-deliveries.ts';

const databases = createTestDatabases();
const now = Date.UTC(2026, 5, 1, 15);
const filling: Filling = {
  ...{ numberKey: new Uint8Array(32).fill(7), now, days: 40, events: 30_000, waiting: 3_000 },
  ...{ accounts: 5, webhooksOfEach: 4 },
};
const context = { numberKey: filling.numberKey, now };
/** The mostExamined of each of two sources, and what is joined to them. */
const mostRows = 15_000;
/** Those of a span of 32 days: some 9 a day. */
const mostLocks = 400;
let pool: Pool;
let questions: Questions;

beforeAll(async () => {
  pool = createPool({ url: await databases.laidOut('bounds'), most: 4 });
  await fill(pool, filling);
  questions = createQuestions(pool);
});
afterAll(async () => {
  await pool.end();
  await databases.remove();
});

const [old, recent] = [filled(1_007, filling), filled(29_990, filling)];
const account = { accountId: 'acc_3' };
const everybody = { accountId: null };

const filters: readonly [what: string, filter: DeliveryFilter, found: number][] = [
  ['everything', everybody, 50],
  ['all of an account', account, 50],
  ['an account without any', { accountId: 'acc_none' }, 0],
  ['a webhook', { ...account, webhookId: 'wh_3_2' }, 50],
  ['a webhook, by an operator', { ...everybody, webhookId: 'wh_3_2' }, 50],
  ['a webhook that there is not', { ...account, webhookId: 'wh_none' }, 0],
  ['what was delivered', { ...account, state: 'delivered' }, 50],
  ['what was never tried', { ...account, state: 'pending' }, 50],
  ['what was never tried, of all', { ...everybody, state: 'pending' }, 50],
  ['retries, where there are none', { ...account, state: 'retrying' }, 0],
  ['failures', { accountId: old.accountId, state: 'failed' }, 50],
  ['failures, where there are none', { ...account, state: 'failed' }, 0],
  ['failures of all', { ...everybody, state: 'failed' }, 50],
  ['what was skipped, where nothing was', { ...everybody, state: 'skipped' }, 0],
  ['a reason', { ...everybody, stateReason: 'attempts_exhausted' }, 50],
  ['an error', { accountId: old.accountId, errorClass: 'status' }, 50],
  ['an error that nothing met', { ...everybody, errorClass: 'dns' }, 0],
  ['a status', { accountId: old.accountId, statusCode: 500 }, 50],
  ['a status that nothing met', { ...everybody, statusCode: 404 }, 0],
  ['a message', { accountId: recent.accountId, messageId: recent.messageId }, 1],
  ['an old message', { ...everybody, messageId: old.messageId }, 1],
  ['no message', { ...everybody, messageId: 'none' }, 0],
  ['a transaction', { ...account, transactionId: 'campaign-5' }, 50],
  ['a number', { ...everybody, mobileNumber: old.mobileNumber }, 1],
  ['the end of a number', { ...everybody, mobileNumber: old.mobileNumber.slice(-6) }, 1],
  ['a product', { ...account, product: 'sms' }, 50],
  ['a product that there is not', { ...account, product: 'whatsapp' }, 0],
  ['an hour', { ...account, from: now - 30 * dayMs, to: now - 30 * dayMs + 3_600_000 }, 6],
];

describe.each([
  ['that was just filled', 'select'],
  ['whose statistics are known', 'analyze'],
])('a list of deliveries, of a database %s,', (_database, prepare) => {
  beforeAll(async () => {
    await pool.query(prepare);
  });

  it.each(filters)('reads no table whole, and not too much of it, for %s', async (_, filter, found) => {
    const { page, explained } = await questions.ask(null, async (asking) => {
      const watched = explaining(asking);
      const question = { filter, limit: 50, behind: null };
      return { page: await listDeliveries(watched, context, question), explained: watched.explained };
    });
    expect(page.data).toHaveLength(found);
    expect(explained.wholeTables).toEqual([]);
    expect(explained.mostRows).toBeLessThan(mostRows);
    expect(explained.statements).toBeLessThan(30);
    expect(explained.mostLocks).toBeLessThan(mostLocks);
  });

  it('ends when it has cost enough, and goes on from there', async () => {
    const filter = { ...everybody, statusCode: 299 };
    const places: (number | null)[] = [];
    for (let behind: number | null = null; places.at(-1) !== null; behind = places.at(-1) ?? null) {
      const { data, next } = await questions.ask(null, (asking) =>
        // So that each page costs enough as soon as it may.
        listDeliveries({ ...asking, spentMs: () => 1e6 }, context, { filter, limit: 50, behind }),
      );
      expect(data).toEqual([]);
      places.push(next);
    }
    // 27,000 deliveries are looked through, 10,000 and a few for each page.
    expect(places).toHaveLength(3);
  });
});

it.each<[string, DeliveryFilter, number]>([
  ['what waits, of more than are read at once', { ...everybody, state: 'pending' }, 3_000],
  ['failures', { ...everybody, state: 'failed' }, 270],
  ['a reason, of an account', { accountId: old.accountId, stateReason: 'attempts_exhausted' }, 270],
  ['everything of a webhook', { ...everybody, webhookId: 'wh_3_2' }, 1_500],
])('a list of %s has each once, newest first', async (_, filter, count) => {
  const found: string[] = [];
  for (let behind: number | null = null, isLast = false; !isLast; ) {
    const question = { filter, limit: 400, behind };
    const page: PageAnswer<string> = await questions.ask(null, (asking) =>
      listDeliveryIds(asking, context, question),
    );
    found.push(...page.data);
    [behind, isLast] = [page.next, page.next === null];
  }
  expect(found).toEqual([...new Set(found)].sort().reverse());
  expect(found).toHaveLength(count);
});

describe('a search for events', () => {
  const sought: readonly [what: string, filter: EventFilter, found: number][] = [
    ['a message', { ...everybody, messageId: old.messageId }, 1],
    ['a transaction', { ...account, transactionId: 'campaign-5' }, 50],
    ['a number', { ...everybody, mobileNumber: recent.mobileNumber }, 1],
    ['the end of a number', { ...everybody, mobileNumber: recent.mobileNumber.slice(-4) }, 1],
  ];
  it.each(sought)('reads no table whole, and not too much of it, for %s', async (_, filter, found) => {
    const { page, explained } = await questions.ask(null, async (asking) => {
      const watched = explaining(asking);
      const question = { filter, limit: 50, behind: null };
      return { page: await findEvents(watched, context, question), explained: watched.explained };
    });
    expect(page.data).toHaveLength(found);
    expect(explained.wholeTables).toEqual([]);
    expect(explained.mostRows).toBeLessThan(mostRows);
  });
});
