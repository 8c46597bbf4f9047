import { expect, it } from 'vitest';
import { createAskers } from './askers.ts';

/** What was asked for has begun, if it may. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when it is told to, and what has begun of it. */
function createWork(bounds: { atOnce: number; ofOne: number }) {
  const askers = createAskers(bounds);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    ask(asker: string, name: string): Promise<void> {
      const asked = askers.inTurn(asker, () => {
        begun.push(name);
        return new Promise<void>((end) => ends.set(name, end));
      });
      // What still waits when the test has ended is told after some time that it waited for too long.
      asked.catch(() => {});
      return asked;
    },
    async end(name: string): Promise<void> {
      ends.get(name)?.();
      await settled();
    },
  };
}

it('gives those who wait their turns, one of each before the second of any', async () => {
  const { ask, begun, end } = createWork({ atOnce: 1, ofOne: 1 });
  for (const name of ['a1', 'a2', 'a3']) void ask('a', name);
  void ask('b', 'b1');
  void ask('c', 'c1');
  await settled();
  for (const name of ['a1', 'a2', 'b1', 'c1']) await end(name);
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3']);
});

it('keeps room for others, whatever one asks', async () => {
  const { ask, begun, end } = createWork({ atOnce: 3, ofOne: 2 });
  for (const name of ['a1', 'a2', 'a3', 'a4']) void ask('a', name);
  await settled();
  expect(begun).toEqual(['a1', 'a2']);
  void ask('b', 'b1');
  void ask('c', 'c1');
  await settled();
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  await end('b1');
  expect(begun.slice(3)).toEqual(['c1']);
});

it('refuses one of whom too many wait, and nobody else', async () => {
  const { ask, begun } = createWork({ atOnce: 2, ofOne: 1 });
  const refused = Array.from({ length: 102 }, (_, i) => ask('a', `a${i}`)).at(-1);
  await expect(refused).rejects.toMatchObject({ code: 'slow_down' });
  void ask('b', 'b1');
  await settled();
  expect(begun).toEqual(['a0', 'b1']);
});

it('goes on after what failed', async () => {
  const askers = createAskers({ atOnce: 1, ofOne: 1 });
  await expect(askers.inTurn('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await askers.inTurn('a', async () => 'yes')).toBe('yes');
});
