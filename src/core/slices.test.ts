// biome-ignore-all lint/style/noRestrictedGlobals: slices are of real time
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSlices } from './slices.ts';

/** Keeps the thread for longer than a slice. */
function work(): void {
  const until = performance.now() + 5;
  while (performance.now() < until);
}

describe('slices of work', () => {
  it('do at once what is little, in its order', () => {
    const done: number[] = [];
    const slices = createSlices();
    slices.add(() => {
      done.push(1);
      slices.add(() => done.push(3));
      done.push(2);
    });
    expect(done).toEqual([1, 2]);
    slices.finish();
    expect(done).toEqual([1, 2, 3]);
  });

  it('let others in between when it is much, and keep the order', async () => {
    const done: string[] = [];
    const slices = createSlices();
    for (let i = 0; i < 4; i++) {
      slices.add(() => {
        work();
        done.push(`work ${i}`);
      });
    }
    expect(done).toEqual(['work 0']);
    expect(slices.waiting).toBe(3);
    while (slices.waiting > 0) {
      await nextTurn();
      done.push('other');
    }
    expect(done.filter((what) => what !== 'other')).toEqual(['work 0', 'work 1', 'work 2', 'work 3']);
    expect(done.slice(1, -1)).toContain('other');
  });

  it('let go on who waits for a promise before what was added later', async () => {
    const done: string[] = [];
    const slices = createSlices();
    slices.add(work);
    const answer = new Promise<void>((resolve) => slices.addResolving(resolve)).then(() =>
      done.push('waited'),
    );
    slices.add(() => done.push('later'));
    await answer;
    while (slices.waiting > 0) await nextTurn();
    await nextTurn();
    expect(done).toEqual(['waited', 'later']);
  });

  it('go on with the rest when one throws', async () => {
    const done: string[] = [];
    const slices = createSlices();
    expect(() =>
      slices.add(() => {
        work();
        throw new Error('broken');
      }),
    ).toThrow('broken');
    slices.add(() => done.push('next'));
    while (slices.waiting > 0) await nextTurn();
    expect(done).toEqual(['next']);
  });
});
