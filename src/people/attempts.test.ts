import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createAttempts } from './attempts.ts';

const limit = { most: 2, windowMs: 1_000 };

describe('attempts', () => {
  it('are enough for a window that begins with the first', () => {
    const clock = createManualClock();
    const attempts = createAttempts(clock);
    expect(attempts.take('a', limit)).toBeNull();
    clock.advance(600);
    expect(attempts.take('a', limit)).toBeNull();
    expect(attempts.take('a', limit)).toBe(400);
    expect(attempts.take('b', limit)).toBeNull();
    clock.advance(400);
    expect(attempts.take('a', limit)).toBeNull();
    expect(attempts.take('a', limit)).toBeNull();
    expect(attempts.take('a', limit)).toBe(1_000);
  });

  it('are forgiven', () => {
    const attempts = createAttempts(createManualClock());
    attempts.take('a', limit);
    attempts.take('a', limit);
    attempts.forgive('a');
    expect(attempts.take('a', limit)).toBeNull();
  });

  it('of very many do not fill the memory, and the latest are kept', () => {
    const attempts = createAttempts(createManualClock());
    for (let n = 0; n <= 100_000; n++) attempts.take(`key ${n}`, { most: 1, windowMs: 1_000 });
    expect(attempts.take('key 100000', { most: 1, windowMs: 1_000 })).toBe(1_000);
    expect(attempts.take('key 0', { most: 1, windowMs: 1_000 })).toBeNull();
    // Many at once, so that the next does not have to look through all of them again.
    expect(attempts.take('key 9000', { most: 1, windowMs: 1_000 })).toBeNull();
  });
});
