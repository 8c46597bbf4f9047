// biome-ignore-all lint/style/noRestrictedGlobals: the thread rests for as long as a body took, in real time; a busy machine makes it longer
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createBodyTurns, mostBytesInAll, mostBytesOfSender } from './body-turns.ts';

const mebibyte = 1024 * 1024;

function done(..._: unknown[]): null {
  return null;
}

function stage() {
  const turns = createBodyTurns();
  const read: string[] = [];
  return { read, take: (who: string, bytes: number) => turns.take(who, bytes, () => done(read.push(who))) };
}

describe('turns of large bodies', () => {
  it('read a body at once while nobody has sent much', () => {
    const { read, take } = stage();
    take('a', 4 * mebibyte);
    expect(read).toEqual(['a']);
  });

  it('read bodies of some hundred KiB in one turn of the event loop, and the rest in the next', async () => {
    const { read, take } = stage();
    for (let i = 0; i < 5; i++) take('a', 100 * 1024);
    expect(read).toHaveLength(2);
    while (read.length < 5) await nextTurn();
  });

  it('let small bodies past large ones that wait', async () => {
    const { read, take } = stage();
    for (let i = 0; i < 3; i++) take('large', 4 * mebibyte);
    take('small', 1024);
    expect(read).toEqual(['large', 'small']);
    while (read.length < 4) await nextTurn();
  });

  it('let those who send take turns, each in the order of its own', async () => {
    const turns = createBodyTurns();
    const read: string[] = [];
    const take = (who: string, n: number) => turns.take(who, mebibyte, () => done(read.push(`${who}${n}`)));
    for (let n = 1; n <= 4; n++) take('a', n);
    take('b', 1);
    take('b', 2);
    while (read.length < 6) await nextTurn();
    expect(read).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'a4']);
  });

  it.each([
    ['', false],
    [', also while these send small ones', true],
  ])('leave the thread to others after a body that took long%s', async (_, othersSend) => {
    const turns = createBodyTurns();
    let readAt = 0;
    turns.take('a', mebibyte, () => {
      const until = performance.now() + 20;
      while (performance.now() < until);
      return null;
    });
    const endedAt = performance.now();
    turns.take('a', mebibyte, () => {
      readAt = performance.now();
      return null;
    });
    while (readAt === 0) {
      if (othersSend) turns.take('b', 100, () => null);
      await nextTurn();
    }
    expect(readAt - endedAt).toBeGreaterThanOrEqual(18);
  });

  it('do what is to be done with a body in a turn of its own, before the next is read', async () => {
    const turns = createBodyTurns();
    const did: string[] = [];
    const take = (name: string) =>
      turns.take('a', mebibyte, () => {
        did.push(`read ${name}`);
        return () => {
          did.push(`used ${name}`);
          return null;
        };
      });
    take('first');
    take('second');
    expect(did).toEqual(['read first']);
    while (did.length < 4) await nextTurn();
    expect(did).toEqual(['read first', 'used first', 'read second', 'used second']);
  });

  it('take no more than so much of one sender, and of all', async () => {
    const turns = createBodyTurns();
    let read = 0;
    const take = (who: string) =>
      turns.take(who, 4 * mebibyte, () => {
        read++;
        return null;
      });
    // The first is read at once.
    const ofOne = Array.from({ length: 20 }, () => take('one')).filter(Boolean).length;
    expect((ofOne - 1) * 4 * mebibyte).toBe(mostBytesOfSender);
    const others = Array.from({ length: 100 }, (_, i) => take(`other ${i}`)).filter(Boolean).length;
    expect((ofOne - 1 + others) * 4 * mebibyte).toBe(mostBytesInAll);
    expect(turns.take('small', 1024, () => null)).toBe(true);
    while (read < ofOne + others) await nextTurn();
    expect(take('one')).toBe(true);
  });
});
