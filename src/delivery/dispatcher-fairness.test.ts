import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PlayedAnswer } from './testing/model.ts';
import { createWorld } from './testing/world.ts';

afterEach(() => void vi.useRealTimers());

const well: readonly PlayedAnswer[] = [{ status: 200, afterMs: 5 }];
const hanging: readonly PlayedAnswer[] = [{ status: 'timeout', afterMs: 15_000 }];
const slow: readonly PlayedAnswer[] = [{ status: 200, afterMs: 5_000 }];

const bad: fc.Arbitrary<readonly PlayedAnswer[]> = fc.constantFrom<readonly PlayedAnswer[]>(
  hanging,
  slow,
  [{ status: 500, afterMs: 5 }],
  [{ status: 429, afterMs: 3, retryAfter: '1' }],
  [
    { status: 200, afterMs: 5 },
    { status: 'timeout', afterMs: 15_000 },
  ],
);

const reports = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ messageId: `m${i}`, status: 'delivered' }));

interface Situation {
  readonly maxInFlight: number;
  readonly bad: readonly (readonly PlayedAnswer[])[];
  /** How long the bad ones have had their way before the well one gets its deliveries. */
  readonly aheadMs: number;
}

const ofWell = 100;

/** How long a well endpoint takes for its deliveries while each of the bad ones has more than it can take. */
async function timeOfWell({ maxInFlight, bad, aheadMs }: Situation): Promise<number> {
  const world = await createWorld({ maxInFlight, storeMs: 1, random: () => 0.5 });
  bad.forEach((answers, i) => {
    world.create(`bad${i}`, { maxConcurrency: 20 }, answers);
    world.arrive(`bad${i}`, reports(60));
  });
  world.create('well', {}, well);
  await world.pass(aheadMs);
  world.arrive('well', reports(ofWell));
  const from = world.clock.now();
  const mine = world.webhooks.get('well')?.deliveries ?? [];
  const isDone = () => mine.every(({ latest }) => latest === 'delivered');
  await world.pass(3_600_000, isDone);
  expect(isDone()).toBe(true);
  return world.clock.now() - from;
}

describe('a well endpoint', () => {
  it('is done in a moment beside bad ones that could use all that may be in flight', async () => {
    const situations = fc.record({
      maxInFlight: fc.constantFrom(60, 100, 400),
      bad: fc.array(bad, { minLength: 1, maxLength: 30 }),
      aheadMs: fc.constantFrom(0, 3, 1_000, 16_000, 60_000),
    });
    await fc.assert(
      fc.asyncProperty(situations, async (situation) => {
        // One at a time, at 5 ms and two commits each, in the worst case.
        expect(await timeOfWell(situation)).toBeLessThanOrEqual(ofWell * 10);
      }),
      { numRuns: 12 },
    );
  });

  it('is not starved even where there are more hanging ones than may be in flight', async () => {
    const situation = { maxInFlight: 10, bad: Array.from({ length: 30 }, () => hanging), aheadMs: 1_000 };
    // Until their breakers are open: ten failures each, ten at a time.
    expect(await timeOfWell(situation)).toBeLessThan(30 * 15_000 * 2);
  });
});
