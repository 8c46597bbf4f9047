import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createWebhookRegistry } from '../routing/registry.ts';
import { testSettings, testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createWaitingCounts } from './waiting-counts.ts';

type Count = PromiseWithResolvers<ReadonlyMap<string, number>>;

/** Counts that a test answers by hand. */
function openCounts() {
  const clock = createManualClock();
  const registry = createWebhookRegistry();
  const asked: Count[] = [];
  const warned: string[] = [];
  const counts = createWaitingCounts({
    clock,
    count() {
      const count: Count = Promise.withResolvers();
      asked.push(count);
      return count.promise;
    },
    registry,
    log: { warn: (_, message) => void warned.push(message) },
  });
  async function answer(waiting: Record<string, number>): Promise<void> {
    asked.shift()?.resolve(new Map(Object.entries(waiting)));
    await setImmediate();
  }
  return { clock, registry, asked, warned, counts, answer };
}

describe('the counts of what waits', () => {
  it('begin with what the store has, and follow what comes and goes', async () => {
    const { counts, answer } = openCounts();
    expect(counts.of('a')).toBe(0);
    await answer({ a: 1_000 });
    counts.add('a', 5);
    counts.add('a', -2);
    counts.add('b', 1);
    expect([counts.of('a'), counts.of('b'), counts.of('c')]).toEqual([1_003, 1, 0]);
  });

  it('are put right every minute, and soon after what they cannot follow', async () => {
    const { clock, asked, counts, answer } = openCounts();
    await answer({});
    counts.add('a', 7);
    clock.advance(59_999);
    expect(asked).toHaveLength(0);
    clock.advance(1);
    await answer({ a: 3 });
    expect(counts.of('a')).toBe(3);
    for (let i = 0; i < 10; i++) {
      counts.recount();
      clock.advance(150);
    }
    expect(asked).toHaveLength(1);
    await answer({});
    expect(counts.of('a')).toBe(0);
  });

  it('are put right soon after deliveries are sent again, skipped together, or lose their webhook', async () => {
    const { clock, registry, asked, counts, answer } = openCounts();
    const webhook = testWebhook({ id: 'wh_1', accountId: 'a', settings: testSettings });
    registry.put({ webhook, secrets: [] });
    await answer({});
    clock.advance(1_000);
    expect(asked).toHaveLength(0);
    for (const happens of [
      () => counts.requeued('wh_1'),
      () => counts.skipped('wh_1', 'webhook_deleted', 3),
      () => registry.remove('wh_1'),
    ]) {
      happens();
      clock.advance(1_000);
      expect(asked).toHaveLength(1);
      await answer({});
    }
  });

  it('keep what came or went while it was counted', async () => {
    const { clock, counts, answer } = openCounts();
    await answer({ a: 10 });
    clock.advance(60_000);
    counts.add('a', 3);
    // The count has seen one of the three.
    await answer({ a: 11 });
    expect(counts.of('a')).toBe(13);
    clock.advance(60_000);
    counts.add('a', -1);
    // What has moved does not explain that.
    await answer({ a: 500 });
    expect(counts.of('a')).toBe(500);
  });

  it('never go below nothing', async () => {
    const { counts, answer } = openCounts();
    await answer({});
    counts.add('a', -1);
    expect(counts.of('a')).toBe(0);
  });

  it('leave the store a hundred times as long in peace as a count took', async () => {
    const { clock, asked, counts, answer } = openCounts();
    clock.advance(2_000);
    await answer({});
    counts.recount();
    clock.advance(199_999);
    expect(asked).toHaveLength(0);
    clock.advance(1);
    expect(asked).toHaveLength(1);
  });

  it.each([30, -30])(
    'are put right every minute also where the clock is set by %i days while it is counted',
    async (days) => {
      const { clock, asked, answer } = openCounts();
      clock.set(days * 86_400_000);
      await answer({});
      clock.advance(60_000);
      expect(asked).toHaveLength(1);
    },
  );

  it('say that it failed, and count again', async () => {
    const { clock, asked, warned, answer } = openCounts();
    asked.shift()?.reject(new Error('busy'));
    await setImmediate();
    expect(warned).toHaveLength(1);
    clock.advance(60_000);
    await answer({ a: 1 });
    expect(asked).toHaveLength(0);
  });

  it('end with the gateway', async () => {
    const { clock, counts, answer } = openCounts();
    counts.close();
    await answer({});
    expect(clock.waiting).toBe(0);
  });
});
