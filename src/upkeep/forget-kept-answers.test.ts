import { expect, it } from 'vitest';
import { keptForMs } from '../stores/ports/kept-answers.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { forgetKeptAnswers } from './forget-kept-answers.ts';

it('forgets answers of more than a day at once and every hour, also after a failure, until it is closed', async () => {
  const clock = createManualClock();
  const began = clock.now();
  const asked: number[] = [];
  const warned: string[] = [];
  const keptAnswers = {
    async forget(until: number) {
      asked.push(until - began + keptForMs);
      if (asked.length === 2) throw new Error('The disk is full.');
    },
  };
  const log = { warn: (_: object, message: string) => void warned.push(message) };
  const close = forgetKeptAnswers({ keptAnswers, clock, trusted: clock, log });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 3; i++) {
    await turn();
    clock.advance(3_600_000);
  }
  await turn();
  await close();
  clock.advance(3_600_000);
  expect(asked).toEqual([0, 3_600_000, 7_200_000, 10_800_000]);
  expect(warned).toHaveLength(1);
});
