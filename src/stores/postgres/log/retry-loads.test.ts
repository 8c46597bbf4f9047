import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { appendTold, idsOf, newEvent, queue, record, retryAt, unique } from '../../conformance/samples.ts';
import type { DeliveryLog } from '../../ports/delivery-log.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { openLog } from '../testing/log-places.ts';

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
    expect(loaded).toBeLessThan(20);
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
