import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { createDirectStore } from '../testing/direct-store.ts';
import { dealWithSome } from './some-events.ts';

const store = createDirectStore(1_000);
afterAll(() => store.db.close());
const events = Array.from({ length: 2_000 }, (_, n) => n + 1);
/** For each event, so that all of them take some ms at least. */
const work = Buffer.alloc(10_000);

/** @returns how many of the events were dealt with */
function dealt(patience: { readonly mostMs: number; readonly isAwaited: boolean }): number {
  const asked: string[] = [];
  const forget = { begin() {}, add() {}, write: (erasure: string) => void asked.push(erasure) };
  const done = dealWithSome(
    store.db,
    { erasure: 'era_1', events },
    forget,
    { mostMs: patience.mostMs, isAwaited: () => patience.isAwaited },
    () => {
      createHash('sha256').update(work).digest();
      return true;
    },
  );
  expect(asked).toEqual(['era_1']);
  return done;
}

describe('a transaction that deals with some events', () => {
  it('deals with all of them where nobody waits and there is time', () => {
    expect(dealt({ mostMs: Number.POSITIVE_INFINITY, isAwaited: false })).toBe(events.length);
  });

  it('ends soon where a commit waits for it, and has dealt with one at least', () => {
    const done = dealt({ mostMs: Number.POSITIVE_INFINITY, isAwaited: true });
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(events.length);
  });

  it('ends when its time is over, and has dealt with one at least', () => {
    expect(dealt({ mostMs: 0, isAwaited: false })).toBe(1);
  });
});
