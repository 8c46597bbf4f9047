import { describe, expect, it } from 'vitest';
import type { FakeRequest } from './testing/fake-sender.ts';
import { openStage } from './testing/stage.ts';

const reports = 300;

type Takes = (now: number) => boolean;

/** So many in each second of the clock. */
function windowOf(perSecond: () => number): Takes {
  let second = 0;
  let count = 0;
  return (now) => {
    const current = Math.floor(now / 1000);
    if (current !== second) [second, count] = [current, 0];
    return ++count <= perSecond();
  };
}

/** A bucket that leaks so many a second and holds a tenth of that, at least one. */
function bucketOf(perSecond: () => number): Takes {
  let level = 0;
  let at = 0;
  return (now) => {
    level = Math.max(0, level - ((now - at) * perSecond()) / 1000);
    at = now;
    if (level + 1 > Math.max(1, perSecond() / 10) + 1e-9) return false;
    level++;
    return true;
  };
}

/** An endpoint behind a limiter, which answers within `latencyMs`. */
function open(takes: Takes, says: { status?: 429 | 503; retryAfter?: string; latencyMs?: number } = {}) {
  const stage = openStage();
  stage.webhook('shop');
  const said: { at: number; tooMany: boolean }[] = [];
  let delivered = 0;
  stage.sender.onSend = (request: FakeRequest) => {
    const at = stage.clock.now();
    const tooMany = !takes(at);
    said.push({ at, tooMany });
    stage.clock.setTimer(() => {
      if (!tooMany) delivered++;
      request.answer(tooMany ? (says.status ?? 429) : 200, tooMany ? says.retryAfter : undefined);
    }, says.latencyMs ?? 5);
  };
  return {
    stage,
    said,
    get delivered() {
      return delivered;
    },
    /** Runs until so many are delivered; gives how long that took. */
    async until(count: number, mostMs: number): Promise<number> {
      const startedAt = stage.clock.now();
      while (delivered < count && stage.clock.now() - startedAt < mostMs) {
        const next = stage.clock.nextAt ?? startedAt + mostMs;
        await stage.pass(Math.max(0, next - stage.clock.now()));
      }
      return stage.clock.now() - startedAt;
    },
  };
}

const kinds = [
  ['a window of a second', windowOf, {}],
  ['a window of a second that asks for a second', windowOf, { retryAfter: '1' }],
  ['a bucket that leaks', bucketOf, {}],
  ['a window that answers 503', windowOf, { status: 503 }],
] as const;

describe.each(kinds)('an endpoint behind %s', (_, limiter, says) => {
  it.each([1, 10, 100, 1_000])(
    'gets 300 reports at %i a second, and then as many with few too many',
    async (perSecond) => {
      const run = open(
        limiter(() => perSecond),
        says,
      );
      const ideal = Math.max((reports / perSecond) * 1000, 1_000);
      await run.stage.accept('shop', reports);
      const first = await run.until(reports, ideal * 4);
      const learning = run.said.length;
      await run.stage.accept('shop', reports);
      const second = await run.until(2 * reports, ideal * 4);
      expect(run.delivered).toBe(2 * reports);
      expect(Math.max(first, second) / ideal).toBeLessThanOrEqual(1.5);
      const after = run.said.slice(learning);
      const part = after.filter(({ tooMany }) => tooMany).length / after.length;
      expect(part).toBeLessThanOrEqual(0.05);
    },
  );
});

it('What an endpoint takes is told, near the truth and seldom', async () => {
  const run = open(windowOf(() => 10));
  await run.stage.accept('shop', reports);
  const lastedMs = await run.until(reports, 60_000);
  const { learntPaces } = run.stage;
  expect(learntPaces.length).toBeGreaterThan(0);
  expect(learntPaces.length).toBeLessThanOrEqual(1 + lastedMs / 5_000);
  for (const perSecond of learntPaces) {
    expect(perSecond).toBeGreaterThan(7);
    expect(perSecond).toBeLessThan(12.5);
  }
});

it('An endpoint that takes a hundred times as much again is found out', async () => {
  let perSecond = 1;
  const run = open(windowOf(() => perSecond));
  await run.stage.accept('shop', 2_000);
  await run.until(60, 90_000);
  perSecond = 100;
  await run.until(2_000, 150_000);
  expect(run.delivered).toBe(2_000);
});

it('One that takes a tenth from now on gets that, soon', async () => {
  let perSecond = 100;
  const run = open(windowOf(() => perSecond));
  await run.stage.accept('shop', 1_000);
  await run.until(700, 20_000);
  perSecond = 10;
  await run.until(1_000, 45_000);
  expect(run.delivered).toBe(1_000);
});

it('A rate that the owner set stays the upper bound, and what was learnt is forgotten with a change', async () => {
  const run = open(windowOf(() => 10));
  run.stage.webhook('shop', { ratePerSecond: 4 });
  await run.stage.accept('shop', 40);
  await run.until(40, 20_000);
  expect(run.said.filter(({ tooMany }) => tooMany)).toEqual([]);
});

it('Nothing fails for good by answers of too many', async () => {
  let perSecond = 0;
  const run = open(windowOf(() => perSecond));
  const all = await run.stage.accept('shop', 20);
  await run.stage.pass(10 * 60_000);
  // Ten minutes of attempts are few: a minute apart in the end.
  expect(run.said.length).toBeLessThan(40);
  expect(all.every(({ id }) => ['retrying', undefined].includes(run.stage.log.stateOf(id)?.state))).toBe(
    true,
  );
  perSecond = 10;
  await run.until(20, 180_000);
  expect(run.delivered).toBe(20);
});
