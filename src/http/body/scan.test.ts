import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Unread } from '../../sources/http-api/unread.ts';
import { readWithout } from './cut.ts';
import { type BodyLimits, eventsBody, typedBody } from './limits.ts';
import { mostShapes, scanJson } from './scan.ts';

const bounded = (limits: Partial<BodyLimits>): BodyLimits => ({
  bytes: 1e6,
  levels: 64,
  values: 1e6,
  ...limits,
});

function scan(text: string, limits: BodyLimits) {
  return scanJson(Buffer.from(text), limits);
}

function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, part) => sum + countOf(part), 1);
}

function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}

/** JSON of any value, with blanks. */
const json = fc.tuple(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, '\t')).map(([value, blanks]) => {
  const text = JSON.stringify(value, null, blanks);
  return { value: JSON.parse(text) as unknown, text };
});

describe('the scan of a body', () => {
  it('counts every value, and no text of it for anything else', () => {
    fc.assert(
      fc.property(json, ({ value, text }) => {
        const values = countOf(value);
        expect(scan(text, bounded({ values }))).toMatchObject({ cuts: [] });
        if (values > 1) expect(scan(text, bounded({ values: values - 1 }))).toEqual({ excess: 'values' });
      }),
    );
  });

  it('finds how deep it goes', () => {
    fc.assert(
      fc.property(json, ({ value, text }) => {
        const levels = levelsOf(value);
        expect(scan(text, bounded({ levels }))).toMatchObject({ cuts: [] });
        if (levels > 1) expect(scan(text, bounded({ levels: levels - 1 }))).toEqual({ excess: 'levels' });
      }),
    );
  });

  it('takes a text for what it is, however long and with whatever in it', () => {
    const part = fc.constantFrom(
      '"',
      '\\',
      '[',
      '{',
      ',',
      ':',
      '\u0000',
      'é',
      'x'.repeat(63),
      'y'.repeat(500),
    );
    fc.assert(
      fc.property(fc.array(part), fc.boolean(), (parts, isName) => {
        const text = JSON.stringify(parts.join(''));
        expect(scan(isName ? `{${text}:1}` : `[${text}]`, bounded({ values: 2, levels: 1 }))).toMatchObject({
          cuts: [],
        });
      }),
    );
  });

  it('ends on whatever is no JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '1', '"a"')), (parts) => {
        scan(parts.join(''), typedBody);
        scan(parts.join(''), eventsBody);
      }),
    );
  });

  it('tells objects alike from objects that each begin in another way', () => {
    const many = (name: (i: number) => string) => {
      const objects = Array.from({ length: mostShapes + 2_000 }, (_, i) => `{"${name(i)}":1}`);
      return scan(`[${objects.join(',')}]`, bounded({}));
    };
    expect(many((i) => `name${i % 100}`)).toMatchObject({ cuts: [] });
    expect(many((i) => `name${i}`)).toEqual({ excess: 'names' });
    expect(many((i) => `${'n'.repeat(200)}${i}`)).toEqual({ excess: 'names' });
  });
});

it.each([
  ['{"__proto__":1}', true],
  ['[{"a":{"constructor":{}}}]', true],
  ['{"\\u005f_proto__":1}', true],
  ['{"a":"__proto__","b":["constructor","\\u0063"]}', false],
  ['{"_proto_":1,"constructors":2,"name":3}', false],
])('of %s, whether a name may change a prototype: %s', (text, suspect) => {
  expect(scan(text, bounded({}))).toEqual({ cuts: [], kept: [], suspect });
});

describe('of events', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  function read(text: string): unknown {
    const body = Buffer.from(text);
    const scanned = scanJson(body, eventsBody);
    return 'excess' in scanned ? scanned : readWithout(body, scanned.cuts, JSON.parse);
  }

  it('a value of more than 64 levels is left out, and the others are read', () => {
    expect(read(`[{"a":1},{"b":${deep(65)},"c":[2]},{"d":${deep(64)}}]`)).toEqual([
      { a: 1 },
      { b: new Unread('It nests lists and objects more than 64 levels deep.'), c: [2] },
      { d: JSON.parse(deep(64)) },
    ]);
    expect(read(`{"b":${deep(30_000)},"c":2}`)).toMatchObject({ b: expect.any(Unread), c: 2 });
  });

  it('what is deep outside of the values of one refuses the whole body', () => {
    expect(read(deep(65))).toEqual({ excess: 'levels' });
    expect(read(`[{"a":1},${deep(65)}]`)).toEqual({ excess: 'levels' });
  });

  it('the value with which one has more than 5,000 values is left out', () => {
    const many = `[${'1,'.repeat(4_900)}1]`;
    expect(read(`[{"a":${many},"b":${many},"c":[1]},{"a":2}]`)).toEqual([
      { a: JSON.parse(many), b: expect.any(Unread), c: [1] },
      { a: 2 },
    ]);
  });

  it('fields beyond the hundredth are left out, and what they hold costs nothing', () => {
    const fields = Array.from({ length: 5_000 }, (_, i) => `"f${i}":[[1]]`).join(',');
    const [first, second] = read(`[{${fields}},{"a":1}]`) as [object, object];
    expect(Object.keys(first)).toHaveLength(101);
    expect(first).toMatchObject({ f0: [[1]], f99: [[1]], '': expect.any(Unread) });
    expect(second).toEqual({ a: 1 });
  });

  it('all together are bounded, however small each is', () => {
    expect(read(`[${Array.from({ length: 900 }, () => `{"a":[${'1,'.repeat(200)}1]}`).join(',')}]`)).toEqual({
      excess: 'values',
    });
  });

  it('no name of a field is taken for one that changes a prototype', () => {
    const event = read(`{"__proto__":${deep(70)},"a":1}`);
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  });
});
