import { expect, it } from 'vitest';
import { schedulePauses } from './pause-words.ts';

it('says the pauses of the schedule in words', () => {
  expect(schedulePauses.join(', ')).toBe('5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h, 8 h');
});
