import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { durabilityProblem, layOut } from './lay-out.ts';
import { createPool } from './pool.ts';
import { createTestDatabases } from './testing/databases.ts';

const databases = createTestDatabases();
let url: URL;

beforeAll(async () => {
  url = new URL(await databases.of('one'));
});
afterAll(() => databases.remove());

/** Lays out what another connection string names; `null`: it worked. */
async function problemWith(
  changes: Partial<Pick<URL, 'host' | 'port' | 'pathname' | 'search'>>,
): Promise<string | null> {
  const other = Object.assign(new URL(url), changes);
  other.password = 'secret';
  const pool = createPool({ url: other.href, most: 1 });
  return layOut(pool, other.href)
    .then(() => null)
    .catch((error: Error) => error.message)
    .finally(() => pool.end());
}

it('a server that writes nothing for good is told of', async () => {
  const pool = createPool({ url: url.href, most: 1 });
  // As tests want it.
  expect(await durabilityProblem(pool)).toMatch(/fsync and full_page_writes off.*can be lost/);
  expect(await durabilityProblem(pool, true)).toContain('synchronous_commit');
  await pool.end();
});

describe('the first connection', () => {
  it('lays the database out', async () => {
    expect(await problemWith({})).toBeNull();
  });

  it.each([
    ['where nothing listens', { port: '1' }, /127\.0\.0\.1:1 .*nothing listens there/],
    ['with a database that is not there', { pathname: '/none' }, /no database none: make it/],
    [
      'with a host that is not there',
      { host: 'nowhere.invalid' },
      /nowhere\.invalid.*(no host|no name server)/,
    ],
    ['encrypted where the server cannot', { search: '?sslmode=require' }, /does not support SSL/],
  ])('says what to do %s, and never the password', async (_where, changes, words) => {
    const problem = await problemWith(changes);
    expect(problem).toMatch(words);
    expect(problem).not.toContain('secret');
  });
});
