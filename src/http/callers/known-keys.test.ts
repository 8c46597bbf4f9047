import { describe, expect, it } from 'vitest';
import type { ApiKey } from '../../stores/ports/directory.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createKnownKeys } from './known-keys.ts';

const keyOf = (hash: string): ApiKey => ({
  id: `key_${hash}`,
  accountId: 'acc_1',
  name: hash,
  scopes: [],
  createdAt: 0,
});

/** Known keys on a directory that the test plays: keys come and go, and answers wait where it says so. */
function open() {
  const clock = createManualClock();
  const keys = new Set<string>();
  const deleted: string[] = [];
  const looked: string[][] = [];
  const refreshed: number[] = [];
  let mayAnswer = Promise.resolve();
  let told = 0;
  const knownKeys = createKnownKeys(
    {
      async findKeys(hashes) {
        looked.push([...hashes]);
        const found = hashes.filter((hash) => keys.has(hash));
        const deletions = deleted.length;
        await mayAnswer;
        return { keys: new Map(found.map((hash) => [hash, keyOf(hash)])), deletions };
      },
      async deletedKeys(since) {
        refreshed.push(since);
        const hashes = since < 0 ? null : deleted.slice(since);
        const deletions = deleted.length;
        await mayAnswer;
        return { hashes, deletions };
      },
    },
    clock,
    () => void told++,
  );
  return {
    clock,
    knownKeys,
    looked,
    refreshed,
    told: () => told,
    make: (hash: string) => void keys.add(hash),
    revoke(hash: string) {
      keys.delete(hash);
      deleted.push(hash);
    },
    /** Answers come only when what this gives is called. */
    hold(): () => void {
      const held = Promise.withResolvers<void>();
      mayAnswer = held.promise;
      return held.resolve;
    },
    idOf: async (hash: string) => (await knownKeys.find(hash))?.id ?? null,
  };
}

describe('known keys', () => {
  it('are looked up once, however often they are used', async () => {
    const { make, idOf, looked, clock } = open();
    make('a');
    for (let i = 0; i < 100; i++) {
      expect(await idOf('a')).toBe('key_a');
      clock.advance(300);
    }
    expect(looked).toEqual([['a']]);
  });

  it('are found at once when they are made', async () => {
    const { make, idOf } = open();
    expect(await idOf('new')).toBeNull();
    make('new');
    expect(await idOf('new')).toBe('key_new');
  });

  it('are found although the look-up of others, before they were made, is under way', async () => {
    const { make, idOf, hold, looked } = open();
    const answer = hold();
    const before = idOf('new');
    make('new');
    const after = idOf('new');
    answer();
    expect([await before, await after]).toEqual([null, 'key_new']);
    expect(looked).toEqual([['new'], ['new']]);
  });

  it('that there are not share look-ups, one at a time', async () => {
    const { make, idOf, hold, looked } = open();
    make('real');
    const answer = hold();
    const flood = Array.from({ length: 1_200 }, (_, i) => idOf(`none${i}`));
    const real = idOf('real');
    expect(looked).toEqual([['none0']]);
    answer();
    expect(await real).toBe('key_real');
    expect(new Set(await Promise.all(flood))).toEqual(new Set([null]));
    expect(looked.map((hashes) => hashes.length)).toEqual([1, 500, 500, 200]);
  });

  it('end within 5 seconds when another process deletes them, also when nobody used one meanwhile', async () => {
    const { make, revoke, idOf, clock, told } = open();
    make('a');
    make('b');
    await idOf('a');
    await idOf('b');
    revoke('a');
    clock.advance(5_000);
    expect(await idOf('a')).toBeNull();
    expect(await idOf('b')).toBe('key_b');
    expect(told()).toBe(1);
  });

  it('are asked after every second without holding anybody up', async () => {
    const { make, revoke, idOf, clock, hold, refreshed } = open();
    make('a');
    await idOf('a');
    clock.advance(1_000);
    revoke('a');
    const answer = hold();
    expect(await idOf('a')).toBe('key_a');
    expect(await idOf('a')).toBe('key_a');
    expect(refreshed).toEqual([0]);
    answer();
    await expect.poll(() => idOf('a')).toBeNull();
  });

  it('end at once when that is asked for', async () => {
    const { make, revoke, idOf, knownKeys } = open();
    make('a');
    await idOf('a');
    expect(await knownKeys.refresh()).toBe(false);
    revoke('a');
    expect(await knownKeys.refresh()).toBe(true);
    expect(await idOf('a')).toBeNull();
  });

  it('are not remembered when they were deleted while they were looked up', async () => {
    const { make, revoke, idOf, hold, knownKeys } = open();
    make('a');
    make('b');
    await idOf('b');
    const answer = hold();
    const found = idOf('a');
    revoke('a');
    const refreshing = knownKeys.refresh();
    answer();
    await Promise.all([found, refreshing]);
    expect(await idOf('a')).toBeNull();
  });

  it('fail with the store, and are looked for again', async () => {
    const clock = createManualClock();
    let broken = true;
    const keys = createKnownKeys(
      {
        async findKeys() {
          if (broken) throw new Error('no store');
          return { keys: new Map([['a', keyOf('a')]]), deletions: 0 };
        },
        deletedKeys: async () => ({ hashes: [], deletions: 0 }),
      },
      clock,
      () => {},
    );
    await expect(keys.find('a')).rejects.toThrow('no store');
    broken = false;
    expect(await keys.find('a')).toMatchObject({ id: 'key_a' });
  });
});
