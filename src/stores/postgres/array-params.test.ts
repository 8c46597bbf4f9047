import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bigints, integers, smallints, texts, utf8s } from './array-params.ts';
import { createPool } from './pool.ts';
import { createTestDatabases } from './testing/databases.ts';

const databases = createTestDatabases();
let pool: pg.Pool;
beforeAll(async () => {
  pool = createPool({ url: await databases.of('arrays'), most: 1 });
});
afterAll(async () => {
  await pool.end();
  await databases.remove();
});

async function read(type: string, param: Buffer): Promise<unknown> {
  const { rows } = await pool.query(
    `select array_agg(value order by n) as got from unnest($1::${type}[]) with ordinality as v (value, n)`,
    [param],
  );
  return rows[0].got ?? [];
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.array(fc.option(value), { maxLength: 30 });
const wholeUpTo = (most: number) => fc.integer({ min: -most - 1, max: most });

describe('arrays as parameters', () => {
  it('bring every number, null among them', async () => {
    const given = fc.record({
      big: maybe(fc.maxSafeInteger()),
      small: maybe(wholeUpTo(2 ** 31 - 1)),
      tiny: maybe(wholeUpTo(2 ** 15 - 1)),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ big, small, tiny }) => {
        const numbers = ((await read('bigint', bigints(big))) as (string | null)[]).map((value) =>
          value === null ? null : Number(value),
        );
        expect(numbers).toEqual(big);
        expect(await read('integer', integers(small))).toEqual(small);
        expect(await read('smallint', smallints(tiny))).toEqual(tiny);
      }),
      { numRuns: 30 },
    );
  });

  it('bring every text, whatever is in it', async () => {
    const given = maybe(fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(given, async (values) => {
        const bytes = (await read('bytea', utf8s(values))) as (Buffer | null)[];
        expect(bytes.map((value) => value?.toString() ?? null)).toEqual(values);
        expect(await read('text', texts(values))).toEqual(
          values.map((value) => value?.replaceAll('\0', '\ufffd') ?? null),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('bring a text with U+0000 as one with U+FFFD, since the one would keep all others from being stored', async () => {
    expect(await read('text', texts(['a\0b', 'c']))).toEqual(['a\ufffdb', 'c']);
    expect(await read('bytea', utf8s(['a\0b']))).toEqual([Buffer.from('a\0b')]);
  });
});
