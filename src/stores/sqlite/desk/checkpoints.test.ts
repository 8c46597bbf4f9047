import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startCheckpoints } from './checkpoints.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('goes on after the disk refused a checkpoint, and leaves it alone for a second', () => {
  let full = true;
  let asked = 0;
  let done = 0;
  const db = {
    prepare: (sql: string) => ({
      get() {
        if (sql.includes('noop')) return { busy: 0, log: 2_000, checkpointed: 0 };
        asked++;
        if (full) throw new Error('database or disk is full');
        done++;
        return { busy: 0, log: 2_000, checkpointed: 2_000 };
      },
    }),
  } as unknown as DatabaseSync;
  const checkpoints = startCheckpoints(db);
  vi.advanceTimersByTime(1_000);
  expect(asked).toBe(1);
  full = false;
  vi.advanceTimersByTime(1_000);
  expect(done).toBeGreaterThan(0);
  checkpoints.close();
});

it('leaves little to the commit that ends the log', () => {
  const asked = (log: number, checkpointed: number): boolean => {
    let wasAsked = false;
    const get = (sql: string) => () => {
      if (!sql.includes('noop')) wasAsked = true;
      return { busy: 0, log, checkpointed };
    };
    const checkpoints = startCheckpoints({
      prepare: (sql: string) => ({ get: get(sql) }),
    } as unknown as DatabaseSync);
    vi.advanceTimersByTime(25);
    checkpoints.close();
    return wasAsked;
  };
  expect([asked(999, 0), asked(1_000, 0), asked(11_999, 11_000), asked(11_999, 10_999)]).toEqual([
    ...[false, true, false, true],
  ]);
  expect([asked(12_000, 11_901), asked(12_000, 11_900)]).toEqual([false, true]);
});
