import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createLine } from './backlogs.ts';
import { createWriteBehind, type WriteBehindOptions } from './write-behind.ts';

/** A line that is written behind, to a disk that the test may hold up or let refuse. */
function open(options: Partial<WriteBehindOptions<number[]>> = {}) {
  const clock = createManualClock();
  const line = createLine<number>(1_000);
  const writes: number[][] = [];
  const failures: unknown[] = [];
  const disk = { refuses: false, gate: Promise.resolve() };
  const writing = createWriteBehind({
    ...{ backlog: line, clock, afterMs: 100, mostAtOnce: 3 },
    async write(batch) {
      await disk.gate;
      if (disk.refuses) throw new Error('disk full');
      writes.push(batch);
    },
    onFailure: (error) => void failures.push(error),
    ...options,
  });
  function add(...items: readonly number[]): void {
    for (const item of items) {
      line.add(item);
      writing.soon();
    }
  }
  async function pass(ms: number): Promise<readonly number[][]> {
    clock.advance(ms);
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    return writes;
  }
  return { clock, line, writes, failures, disk, writing, add, pass };
}

describe('what is written behind', () => {
  it('waits for more, and goes in batches of at most so many, in order', async () => {
    const { add, pass, clock } = open();
    add(1);
    await pass(50);
    add(2, 3, 4);
    expect(await pass(49)).toEqual([]);
    expect(await pass(1)).toEqual([[1, 2, 3], [4]]);
    expect(clock.waiting).toBe(0);
  });

  it('goes together with what comes in the same turn where nothing is waited for', async () => {
    const { add, pass } = open({ afterMs: 0 });
    add(1, 2);
    expect(await pass(0)).toEqual([[1, 2]]);
  });

  it('waits for the next time where it comes while others are written', async () => {
    const { add, pass, disk } = open();
    const gate = Promise.withResolvers<void>();
    disk.gate = gate.promise;
    add(1);
    await pass(100);
    add(2);
    expect(await pass(1_000)).toEqual([]);
    gate.resolve();
    expect(await pass(0)).toEqual([[1]]);
    expect(await pass(99)).toEqual([[1]]);
    expect(await pass(1)).toEqual([[1], [2]]);
  });

  it('is tried again where it could not be written, before what came later and no earlier for it', async () => {
    const { add, pass, disk, failures } = open({ againMs: 1_000 });
    disk.refuses = true;
    add(1, 2, 3, 4);
    await pass(100);
    expect(failures).toHaveLength(1);
    disk.refuses = false;
    add(5);
    expect(await pass(999)).toEqual([]);
    expect(await pass(1)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('goes at once where enough waits, but not before its time after a failure', async () => {
    const { add, pass, disk, failures } = open({ enough: 3 });
    add(1, 2);
    expect(await pass(99)).toEqual([]);
    disk.refuses = true;
    add(3);
    await pass(0);
    expect(failures).toHaveLength(1);
    disk.refuses = false;
    add(4, 5, 6, 7);
    expect(await pass(99)).toEqual([]);
    expect(await pass(1)).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it('is written at once when somebody waits for it, one batch after another', async () => {
    const { add, writes, writing, clock } = open();
    add(1, 2, 3, 4);
    const first = writing.flush();
    add(5);
    await Promise.all([first, writing.flush()]);
    expect(writes).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(clock.waiting).toBe(0);
  });

  it('waits on where nobody can be made to wait for it', async () => {
    const { add, writing, disk, failures, clock } = open();
    disk.refuses = true;
    add(1);
    await writing.flush();
    expect([failures.length, clock.waiting]).toEqual([1, 1]);
  });

  it('is written once more at the end, and is left where that fails', async () => {
    for (const refuses of [false, true]) {
      const { add, writing, writes, line, disk, pass, clock } = open();
      disk.refuses = refuses;
      add(1);
      await writing.close();
      expect([writes.length, line.size, clock.waiting]).toEqual(refuses ? [0, 1, 0] : [1, 0, 0]);
      add(2);
      await pass(10_000);
      expect(writes.flat()).not.toContain(2);
    }
  });

  it('is not taken out of turn', async () => {
    const turn = Promise.withResolvers<void>();
    const { add, pass, line } = open({ inTurn: (run) => turn.promise.then(run) });
    add(1);
    expect(await pass(100)).toEqual([]);
    expect(line.size).toBe(1);
    turn.resolve();
    expect(await pass(0)).toEqual([[1]]);
  });

  it('is written once each and in order, whatever fails meanwhile', async () => {
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ pass: fc.integer({ min: 0, max: 150 }) }),
      fc.record({ refuses: fc.boolean() }),
      fc.constant({ flush: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { add, pass, writing, writes, disk } = open();
        let next = 0;
        for (const each of steps) {
          if ('add' in each) for (let i = 0; i < each.add; i++) add(next++);
          else if ('pass' in each) await pass(each.pass);
          else if ('refuses' in each) disk.refuses = each.refuses;
          else void writing.flush();
        }
        disk.refuses = false;
        await writing.close();
        expect(writes.flat()).toEqual(Array.from({ length: next }, (_, i) => i));
      }),
      { numRuns: 200 },
    );
  });
});
