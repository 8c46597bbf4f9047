import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { StatsRow, StatsStore } from '../../stores/ports/stats.ts';
import { attemptRecord, queuedDelivery } from '../../testing/attempts.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createStats, flushEveryMs } from './stats.ts';

/** A store in memory whose calls can be held up or refused. */
function memoryStore() {
  const calls: (readonly StatsRow[])[] = [];
  const stored: StatsRow[] = [];
  const state = { refuse: false, gate: Promise.resolve() };
  const store: StatsStore = {
    async add(rows) {
      calls.push(rows);
      await state.gate;
      if (state.refuse) throw new Error('disk full');
      stored.push(...rows);
    },
    read: async ({ webhookId }) => stored.filter((row) => row.webhookId === webhookId),
    readTotals: async () =>
      stored.map(({ webhookId, from, attempts, delivered, failed }) => ({
        webhookId,
        counts: [from, attempts, delivered, failed],
      })),
    tidy: async () => 0,
  };
  return { store, calls, stored, state };
}

function open() {
  const clock = createManualClock();
  const memory = memoryStore();
  const warnings: string[] = [];
  const log = { warn: (_: object, message: string) => void warnings.push(message) };
  const accounts: Record<string, string> = { wh_1: 'acc_1', wh_2: 'acc_2' };
  const stats = createStats({ store: memory.store, clock, log, accountOf: (id) => accounts[id] });
  const delivery = queuedDelivery({ acceptedAt: clock.now() });
  return {
    ...memory,
    clock,
    warnings,
    stats,
    deliver: (webhookId = 'wh_1') =>
      stats.attempted(attemptRecord({ webhookId, startedAt: clock.now() }), delivery),
    async flushed() {
      clock.advance(flushEveryMs);
      for (let i = 0; i < 30; i++) await setImmediate();
    },
    async attempts() {
      const range = { from: 0, to: clock.now() + 86_400_000, bucket: 'day' } as const;
      return (await stats.ofWebhook('wh_1', { ...range, from: range.to - 864_000_000 })).total.attempts;
    },
  };
}

describe('statistics', () => {
  it('are written every five seconds, and only when there are any', async () => {
    const { deliver, flushed, stored, calls } = open();
    await flushed();
    expect(calls).toEqual([]);
    deliver();
    deliver();
    expect(stored).toEqual([]);
    await flushed();
    expect(stored).toMatchObject([{ webhookId: 'wh_1', attempts: 2 }]);
  });

  it('of thousands of webhooks are written 100 rows at a time', async () => {
    const { deliver, flushed, calls } = open();
    for (let i = 0; i < 250; i++) deliver(`wh_${i}`);
    await flushed();
    expect(calls.map((rows) => rows.length)).toEqual([100, 100, 50]);
  });

  it('of webhooks that go on meanwhile wait for the next time, so that the writing ends', async () => {
    const { deliver, flushed, calls, store } = open();
    const add = store.add;
    store.add = async (rows) => {
      await add(rows);
      for (const { webhookId } of rows) deliver(webhookId);
    };
    for (let i = 0; i < 150; i++) deliver(`wh_${i}`);
    await flushed();
    expect(calls.map((rows) => rows.length)).toEqual([100, 50]);
  });

  it('are seen at once, on disk or not', async () => {
    const { deliver, flushed, attempts } = open();
    deliver();
    expect(await attempts()).toBe(1);
    await flushed();
    deliver();
    expect(await attempts()).toBe(2);
  });

  it('of an account are seen at once too, and of no other account', async () => {
    const { deliver, flushed, stats, clock } = open();
    const range = { from: clock.now() - 864_000_000, to: clock.now() + 86_400_000, bucket: 'day' } as const;
    const seen = async (accountId: string | null) =>
      (await stats.ofAccount(accountId, range)).map(({ webhookId, attempts }) => [webhookId, attempts]);
    deliver('wh_1');
    deliver('wh_2');
    expect(await seen('acc_1')).toEqual([['wh_1', 1]]);
    expect(await seen('acc_2')).toEqual([['wh_2', 1]]);
    await flushed();
    deliver('wh_2');
    expect(await seen(null)).toEqual([
      ['wh_1', 1],
      ['wh_2', 2],
    ]);
  });

  it('are seen once while they are being written', async () => {
    const { deliver, flushed, attempts, state } = open();
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    deliver();
    await flushed();
    const seen = attempts();
    gate.resolve();
    expect(await seen).toBe(1);
  });

  it('that the store refuses are kept, shown, and written the next time', async () => {
    const { deliver, flushed, attempts, state, stored, warnings } = open();
    state.refuse = true;
    deliver();
    await flushed();
    expect([await attempts(), warnings]).toEqual([1, ['Statistics could not be saved; it is tried again.']]);
    state.refuse = false;
    await flushed();
    expect([await attempts(), stored.length]).toEqual([1, 1]);
  });

  it('are written at the end, which comes even when the store refuses', async () => {
    const { deliver, stats, stored, clock } = open();
    deliver();
    await stats.close();
    expect([stored.length, clock.waiting]).toEqual([1, 0]);
    const other = open();
    other.state.refuse = true;
    other.deliver();
    await other.stats.close();
    expect(other.warnings).toHaveLength(1);
  });
});
