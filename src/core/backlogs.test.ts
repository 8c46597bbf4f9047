import { describe, expect, it } from 'vitest';
import { createLatest, createLine } from './backlogs.ts';

describe('a line', () => {
  it('gives what has waited longest first, and takes it back to the front', () => {
    const line = createLine<string>(10);
    for (const item of ['a', 'b', 'c']) line.add(item);
    const taken = line.take(2);
    expect([taken, line.size]).toEqual([['a', 'b'], 1]);
    line.add('d');
    line.putBack(taken);
    expect([line.size, line.take(10), line.size]).toEqual([4, ['a', 'b', 'c', 'd'], 0]);
  });

  it('holds a bounded number, beside what comes back', () => {
    const line = createLine<number>(2);
    expect([1, 2, 3].map(line.add)).toEqual([true, true, false]);
    const taken = line.take(2);
    expect([4, 5, 6].map(line.add)).toEqual([true, true, false]);
    line.putBack(taken);
    expect([line.add(7), line.take(10)]).toEqual([false, [1, 2, 4, 5]]);
  });
});

describe('the latest of each name', () => {
  it('is what is taken, those first that have waited longest', () => {
    const latest = createLatest<number>();
    latest.set('a', 1);
    latest.set('b', 1);
    latest.set('a', 2);
    expect(latest.size).toBe(2);
    expect([...latest.take(1)]).toEqual([['a', 2]]);
    expect([...latest.take(9)]).toEqual([['b', 1]]);
    expect(latest.size).toBe(0);
  });

  it('is not undone by what comes back', () => {
    const latest = createLatest<number>();
    latest.set('a', 1);
    latest.set('b', 1);
    const taken = latest.take(2);
    latest.set('a', 2);
    latest.putBack(taken);
    expect([...latest.take(2)]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });
});
