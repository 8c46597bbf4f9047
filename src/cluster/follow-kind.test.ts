import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { type FollowedKind, followKind } from './follow-kind.ts';

interface Thing {
  readonly id: string;
  readonly version: number;
}

/** What is under way in the test's store, to be ended by the test. */
interface Read {
  readonly ids: readonly string[];
  end(): Promise<void>;
  fail(): Promise<void>;
}

let clock: ManualClock;
let store: Map<string, number>;
let memory: Map<string, number>;
let reads: Read[];
let told: string[];
let unreadable: string | null;
let kind: FollowedKind;

const thingsOf = (ids: Iterable<string>): Thing[] =>
  [...ids].flatMap((id) => (store.has(id) ? [{ id, version: store.get(id) as number }] : []));

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await setImmediate();
}

/** Time passes, and what is asked for is answered. */
async function pass(ms = 5_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    clock.advance(50);
    await settle();
    for (const read of reads.splice(0)) await read.end();
  }
}

/** Begins to read, and sees the store as it is now. */
function under(ids: readonly string[]): Promise<readonly Thing[]> {
  const seen = thingsOf(ids);
  return new Promise((resolve, reject) => {
    reads.push({
      ids,
      async end() {
        if (unreadable !== null && ids.includes(unreadable))
          reject(new Error(`${unreadable} cannot be read`));
        else resolve(seen);
        await settle();
      },
      async fail() {
        reject(new Error('away'));
        await settle();
      },
    });
  });
}

/** This process changes something: in memory it is when it has heard of the store. */
function changeHere(id: string, version: number): void {
  memory.set(id, version);
  kind.changedHere(id);
}

beforeEach(() => {
  clock = createManualClock();
  [store, memory, reads, told, unreadable] = [new Map(), new Map(), [], [], null];
  kind = followKind<Thing>({
    clock,
    onFailure: (error) => told.push((error as Error).message),
    followed: {
      read: under,
      async *readAll() {
        const ids = [...store.keys()];
        for (let from = 0; from === 0 || from < ids.length; from += 2)
          yield await under(ids.slice(from, from + 2));
      },
      idOf: ({ id }) => id,
      known: () => memory.keys(),
      put({ id, version }) {
        if ((memory.get(id) ?? 0) > version) told.push(`${id} is as it was before`);
        memory.set(id, version);
      },
      remove: (id) => void memory.delete(id),
    },
  });
});

const states = () => ({ store: Object.fromEntries(store), memory: Object.fromEntries(memory) });

describe('what a process has in memory of a store that others change', () => {
  it('is as in the store when it was told, also where something is there no more', async () => {
    memory.set('a', 1).set('b', 1);
    store.set('a', 2).set('c', 1);
    for (const id of ['a', 'b', 'c']) kind.changed(id);
    await pass(50);
    expect(states().memory).toEqual({ a: 2, c: 1 });
    expect(clock.waiting).toBeLessThanOrEqual(1);
  });

  it('is read once for changes in quick succession, and once more for those that came meanwhile', async () => {
    for (let i = 0; i < 100; i++) kind.changed('a');
    clock.advance(0);
    for (let i = 0; i < 100; i++) kind.changed('a');
    const [first] = reads.splice(0);
    await first?.end();
    clock.advance(1_000);
    await settle();
    expect(reads.map(({ ids }) => ids)).toEqual([['a']]);
    await reads[0]?.end();
    clock.advance(1_000);
    expect(reads).toHaveLength(1);
  });

  it('is not overwritten by what was read before this process changed it', async () => {
    store.set('a', 1);
    kind.changed('a');
    clock.advance(0);
    store.set('a', 2);
    changeHere('a', 2);
    await reads.splice(0)[0]?.end();
    expect(memory.get('a')).toBe(2);
    await pass();
    expect(memory.get('a')).toBe(2);
  });

  it('is not overwritten by an older reading that ends after a newer one', async () => {
    store.set('a', 1);
    kind.changed('a');
    clock.advance(0);
    store.set('a', 2);
    const refreshed = kind.readNow('a');
    const [older, newer] = reads.splice(0);
    await newer?.end();
    await refreshed;
    expect(memory.get('a')).toBe(2);
    await older?.end();
    expect(memory.get('a')).toBe(2);
  });

  it('is as another process made it between this one’s write and its word of that', async () => {
    store.set('a', 2).set('a', 3);
    kind.changed('a');
    await pass(50);
    changeHere('a', 2);
    await pass();
    expect(memory.get('a')).toBe(3);
  });

  it('is read anew where something was missed: what is new, changed, and gone', async () => {
    for (let i = 0; i < 9; i++) store.set(`s${i}`, 1);
    memory.set('s1', 0).set('gone', 1);
    kind.missed();
    clock.advance(0);
    await settle();
    store.set('made here', 1);
    changeHere('made here', 1);
    await pass();
    expect(states().memory).toEqual(states().store);
  });

  it('is read again where that failed, of which it is told once', async () => {
    store.set('a', 1);
    memory.set('gone', 1);
    kind.changed('a');
    kind.missed();
    for (let i = 0; i < 4; i++) {
      clock.advance(2_000);
      await settle();
      for (const read of reads.splice(0)) await read.fail();
    }
    expect(told).toEqual(['away']);
    await pass();
    expect(states().memory).toEqual({ a: 1 });
  });

  it('is held up by nothing that cannot be read', async () => {
    for (let i = 0; i < 500; i++) store.set(`s${i}`, 1);
    unreadable = 's77';
    for (const id of store.keys()) kind.changed(id);
    kind.missed();
    await pass(60_000);
    expect(memory.size).toBe(499);
    unreadable = null;
    await pass();
    expect(memory.size).toBe(500);
  });

  it('is what is asked for at once; where that fails nothing is concluded', async () => {
    store.set('a', 1);
    const [found, missing, failing] = ['a', 'b', 'c'].map((id) => kind.readNow(id));
    failing?.catch(() => {});
    memory.set('b', 1);
    const [a, b, c] = reads.splice(0);
    await c?.fail();
    await expect(failing).rejects.toThrow('away');
    await Promise.all([a?.end(), b?.end()]);
    await Promise.all([found, missing]);
    expect(states().memory).toEqual({ a: 1 });
  });

  it('is known to be as in the store when all that was heard of until then was read', async () => {
    const settled: string[] = [];
    void kind.settled().then(() => settled.push('first'));
    await settle();
    expect(settled).toEqual(['first']);
    store.set('a', 1).set('b', 1);
    kind.changed('a');
    clock.advance(0);
    kind.changed('b');
    void kind.settled().then(() => settled.push('second'));
    const [first] = reads.splice(0);
    await first?.fail();
    kind.changed('c');
    expect(settled).toEqual(['first']);
    await pass(1_000);
    expect([settled, states().memory]).toEqual([['first', 'second'], { a: 1, b: 1 }]);
    kind.missed();
    void kind.settled().then(() => settled.push('all'));
    await settle();
    expect(settled).toHaveLength(2);
    await pass(1_000);
    expect(settled).toEqual(['first', 'second', 'all']);
  });

  it('is left alone when the process ends, which says so to who asks', async () => {
    store.set('a', 1);
    const asked = kind.readNow('a');
    asked.catch(() => {});
    kind.changed('a');
    await kind.close();
    expect(clock.waiting).toBe(0);
    await reads.splice(0)[0]?.end();
    await expect(asked).rejects.toThrow('ends');
    expect(memory.size).toBe(0);
  });

  it('is as in the store in the end, whoever changed what in which order, and nothing older is put over it', async () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.record({
        does: fc.constantFrom('written elsewhere', 'deleted elsewhere', 'written here', 'asked for'),
        id,
      }),
      fc.record({ does: fc.constantFrom('told of', 'missed'), id }),
      fc.record({ does: fc.constantFrom('put here'), id }),
      fc.record({ does: fc.constantFrom('read'), id, nth: fc.nat(4) }),
      fc.record({ does: fc.constantFrom('time'), id, ms: fc.nat(300) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        for (const each of [store, memory]) each.clear();
        reads.splice(0);
        let version = 0;
        const untold: string[] = [];
        const unput: [string, number][] = [];
        for (const { does, id, ...rest } of steps) {
          if (does === 'written elsewhere' || does === 'written here') {
            store.set(id, ++version);
            untold.push(id);
            if (does === 'written here') unput.push([id, version]);
          } else if (does === 'deleted elsewhere') {
            store.delete(id);
            untold.push(id);
          } else if (does === 'told of') {
            const next = untold.shift();
            if (next) kind.changed(next);
          } else if (does === 'missed') kind.missed();
          else if (does === 'asked for') void kind.readNow(id);
          else if (does === 'put here') {
            const next = unput.shift();
            if (next) changeHere(...next);
          } else if ('nth' in rest) await reads.splice(rest.nth, 1)[0]?.end();
          else if ('ms' in rest) clock.advance(rest.ms);
          await settle();
        }
        for (const next of unput) changeHere(...next);
        for (const next of untold) kind.changed(next);
        await pass(1_000);
        expect(states().memory).toEqual(states().store);
        expect(told).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
