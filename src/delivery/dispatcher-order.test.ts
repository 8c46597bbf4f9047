import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laneWindow } from './lanes/memory.ts';
import { openStage } from './testing/stage.ts';

const step = fc.record({
  accept: fc.nat({ max: 30 }),
  webhook: fc.constantFrom('a', 'b'),
  questions: fc.nat({ max: 6 }),
  answers: fc.nat({ max: 10 }),
  status: fc.constantFrom(200, 200, 200, 500, 429),
  passMs: fc.constantFrom(0, 1, 1_000, 10_000),
});

describe('every delivery', () => {
  it('is sent until it is delivered, once at a time, whatever happens in which order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const stage = openStage({ maxInFlight: 20 });
        stage.webhook('a', { maxConcurrency: 3, retry: { maxAttempts: 1_000, giveUpAfterMs: null } });
        stage.webhook('b', { ratePerSecond: 5, retry: { maxAttempts: 1_000, giveUpAfterMs: null } });
        const ids: string[] = [];
        const turn = () => new Promise((resolve) => setImmediate(resolve));
        const once = (): void => {
          const underWay = [...stage.sender.underWay].map(({ id }) => id);
          expect(new Set(underWay).size).toBe(underWay.length);
          expect(underWay.length).toBeLessThanOrEqual(20);
        };
        for (const { accept, webhook, questions, answers, status, passMs } of steps) {
          const accepted = stage.accept(webhook, accept);
          ids.push(...(await accepted).map(({ id }) => id));
          for (const request of [...stage.sender.underWay].slice(0, answers)) request.answer(status);
          await turn();
          for (let i = 0; i < questions; i++) {
            stage.log.answer();
            await turn();
            once();
          }
          stage.clock.advance(passMs);
          await turn();
          once();
        }
        stage.sender.always = 200;
        for (const request of stage.sender.underWay) request.answer(200);
        await stage.settle();
        for (let hours = 0; hours < 200; hours++) await stage.pass(3_600_000);
        expect(ids.filter((id) => stage.log.stateOf(id)?.state !== 'delivered')).toEqual([]);
        const deliveredOnce = stage.attempts.filter(({ after }) => after.state === 'delivered');
        expect(deliveredOnce).toHaveLength(ids.length);
        expect(stage.dispatcher.status()).toMatchObject({ inFlight: 0, inMemory: 0 });
      }),
      { numRuns: 15 },
    );
  });

  it('is sent once and in order by a lane that overflows its memory', async () => {
    const stage = openStage({ maxInFlight: 50 });
    stage.webhook('shop', { maxConcurrency: 50 });
    const ids: string[] = [];
    const accept = async (count: number): Promise<void> => {
      ids.push(...(await stage.accept('shop', count)).map(({ id }) => id));
    };
    await accept(laneWindow + 1_000);
    expect(stage.dispatcher.status().inMemory).toBeLessThanOrEqual(laneWindow);
    for (let round = 0; stage.sender.underWay.size > 0; round++) {
      if (round % 20 === 0 && ids.length < 9_000) await accept(500);
      await stage.answer('shop', 200);
    }
    expect(ids.length).toBe(9_000);
    expect(stage.sentTo('shop')).toEqual(ids);
    expect(stage.log.asked.get('loadPending')).toBeLessThan(20);
  });
});
