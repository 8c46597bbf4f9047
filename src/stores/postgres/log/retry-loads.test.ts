import pg, { type Pool, type PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { appendTold, idsOf, newEvent, queue, record, retryAt, unique } from '../../conformance/samples.ts';
import type { DeliveryLog } from '../../ports/delivery-log.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { openLog } from '../testing/log-places.ts';
import { createLine, type Line } from './line.ts';
import { createRetryLoads } from './retry-loads.ts';

const databases = createTestDatabases();
let log: DeliveryLog;

beforeAll(async () => {
  ({ log } = await openLog({ url: await databases.laidOut('retries'), clock: createManualClock() }));
});
afterAll(async () => {
  await log.close();
  await databases.remove();
});

async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return query.mock.calls.length;
  } finally {
    query.mockRestore();
  }
}

/** Retries of this webhook, due at 1,000, 2,000 … */
async function failOnce(webhookId: string, count: number): Promise<readonly string[]> {
  const deliveries = await queue(log, webhookId, count);
  await Promise.all(deliveries.map((each, i) => record(log, each, retryAt(1_000 * (i + 1)))));
  return idsOf(deliveries);
}

describe('loads of retries', () => {
  /** A line whose client knows no retries, and fails where one of these webhooks is asked for. */
  function lineThatFails(webhooks: readonly string[]): Line {
    const client = {
      async query(_: string, [, names]: Buffer[] = []) {
        if (webhooks.some((webhook) => names?.includes(webhook))) throw new Error('cannot be read');
        return { rows: [] };
      },
    } as unknown as PoolClient;
    return createLine({
      connect: async () => Object.assign(client, { on() {}, removeListener() {}, release() {} }),
    } as unknown as Pool);
  }

  it('fail for the webhook alone whose retries cannot be read', async () => {
    const loads = createRetryLoads(lineThatFails(['wh_bad']));
    const asked = ['wh_1', 'wh_bad', 'wh_2'].map((webhook) =>
      loads.load({ account: 'acc_1', webhook, now: 1_000, limit: 10 }),
    );
    const results = await Promise.allSettled(asked);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fail together where there is no connection, which is asked for once', async () => {
    let connects = 0;
    const pool = {
      async connect() {
        connects++;
        throw new Error('connect ECONNREFUSED');
      },
    } as unknown as Pool;
    const line = createLine(pool);
    const loads = createRetryLoads(line);
    const asked = Array.from({ length: 40 }, (_, i) =>
      loads.load({ account: `acc_${i}`, webhook: `wh_${i}`, now: 1_000, limit: 10 }),
    );
    const results = await Promise.allSettled(asked);
    expect(results.map(({ status }) => status)).toEqual(asked.map(() => 'rejected'));
    await line.idle();
    // A connection that hangs takes seconds, and as many loads would be asked for again meanwhile.
    expect(connects).toBe(1);
  });
});

describe('retries that many webhooks have', () => {
  it('are loaded together, each webhook getting its own', async () => {
    const webhooks = Array.from({ length: 120 }, () => unique('wh'));
    const ids = new Map<string, readonly string[]>();
    for (const [i, webhookId] of webhooks.entries()) ids.set(webhookId, await failOnce(webhookId, i % 4));
    const loaded = await countStatements(async () => {
      const answers = await Promise.all(webhooks.map((each) => log.loadRetries(each, 2_000, 2)));
      for (const [i, webhookId] of webhooks.entries()) {
        expect(idsOf(answers[i]?.due ?? [])).toEqual(ids.get(webhookId)?.slice(0, 2));
        // A load that brought as many as were asked for may have left some.
        expect(answers[i]?.nextRetryAt).toBe(i % 4 < 2 ? null : 2_000);
      }
    });
    expect(loaded).toBeLessThan(30);
  });

  it('say when the next is due where fewer are due than were asked for', async () => {
    const [webhookId, none] = [unique('wh'), unique('wh')];
    const ids = await failOnce(webhookId, 3);
    const [some, nothing] = await Promise.all([
      log.loadRetries(webhookId, 2_500, 10),
      log.loadRetries(none, 2_500, 10),
    ]);
    expect([idsOf(some.due), some.nextRetryAt]).toEqual([ids.slice(0, 2), 3_000]);
    expect(nothing).toEqual({ due: [], nextRetryAt: null });
  });

  it('do not keep those of another account waiting, however much they are', async () => {
    const many = Array.from({ length: 12 }, () => unique('wh'));
    const message = { type: 'text', text: { body: 'x'.repeat(100_000) } };
    const large = { product: 'whatsapp', reportType: 'mo', message } as const;
    for (const webhookId of many) {
      await appendTold(log, [
        newEvent([webhookId], { ...large, accountId: 'acc_many' }),
        newEvent([webhookId], { ...large, accountId: 'acc_many' }),
      ]);
    }
    const few = unique('wh');
    await appendTold(log, [newEvent([few], { accountId: 'acc_few' })]);
    for (const webhookId of [...many, few]) {
      const held = { heldPending: new Set<string>(), lastPlace: null };
      for (const each of await log.loadPending(webhookId, held, 10)) await record(log, each, retryAt(1_000));
    }
    const answered: string[] = [];
    await Promise.all(
      [...many, few].map(async (webhookId) => {
        const { due } = await log.loadRetries(webhookId, 1_000, 10);
        expect(due.length).toBeGreaterThan(0);
        answered.push(webhookId);
      }),
    );
    expect(answered.indexOf(few)).toBeLessThan(4);
  });

  it('are all loaded where they are more than memory should have at once', async () => {
    const webhooks = Array.from({ length: 12 }, () => unique('wh'));
    for (const webhookId of webhooks) {
      const message = { type: 'text', text: { body: 'x'.repeat(120_000) } };
      const large = { product: 'whatsapp', reportType: 'mo', message } as const;
      await appendTold(log, [newEvent([webhookId], large), newEvent([webhookId], large)]);
    }
    const loads = await Promise.all(
      webhooks.map((each) => log.loadPending(each, { heldPending: new Set(), lastPlace: null }, 10)),
    );
    for (const each of loads.flat()) await record(log, each, retryAt(1_000));
    const answers = await Promise.all(webhooks.map((each) => log.loadRetries(each, 1_000, 10)));
    expect(answers.map(({ due }) => idsOf(due))).toEqual(loads.map(idsOf));
    expect(answers.map(({ nextRetryAt }) => nextRetryAt)).toEqual(webhooks.map(() => null));
  });
});
