import { expect, it } from 'vitest';
import { createReadWriteTurns } from './read-write-turns.ts';

/** Something under way that the test ends. */
function openEnded(name: string, log: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return {
    run: () => {
      log.push(name);
      return promise;
    },
    end: () => resolve(name),
    fail: () => reject(new Error(name)),
  };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('lets reads go on side by side, and none beside a write', async () => {
  const turns = createReadWriteTurns();
  const log: string[] = [];
  const [a, b, write, c] = ['a', 'b', 'write', 'c'].map((name) => openEnded(name, log));
  if (!a || !b || !write || !c) throw new Error('not there');
  const results = [turns.read(a.run), turns.read(b.run), turns.write(write.run), turns.read(c.run)];
  await settle();
  expect(log).toEqual(['a', 'b']);
  a.end();
  await settle();
  expect(log).toEqual(['a', 'b']);
  b.end();
  await settle();
  expect(log).toEqual(['a', 'b', 'write']);
  write.end();
  await settle();
  expect(log).toEqual(['a', 'b', 'write', 'c']);
  c.end();
  expect(await Promise.all(results)).toEqual(['a', 'b', 'write', 'c']);
});

it('goes on after a read and a write that fail', async () => {
  const turns = createReadWriteTurns();
  const failing = async () => {
    throw new Error('no');
  };
  await expect(turns.read(failing)).rejects.toThrow('no');
  await expect(turns.write(failing)).rejects.toThrow('no');
  expect(await turns.read(async () => 1)).toBe(1);
});
