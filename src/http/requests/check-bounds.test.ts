import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { closed } from '../shapes/schema.ts';
import { createCheck } from './check.ts';
import { withinBounds } from './check-bounds.ts';

const schema = closed({
  name: Type.Optional(Type.String({ maxLength: 3, pattern: '^(a+)+$' })),
  words: Type.Optional(Type.Array(Type.String({ maxLength: 2 }), { maxItems: 2, uniqueItems: true })),
  count: Type.Optional(Type.Integer()),
});

describe('what is too long or unknown', () => {
  it('is named and left out, so that nothing looks at it any closer', () => {
    expect(
      withinBounds(schema, { name: 'a'.repeat(60), words: ['a', 'a', 'a'], count: 1, naem: {} }),
    ).toEqual({
      errors: [
        { path: 'name', message: 'must have at most 3 characters.' },
        { path: 'words', message: 'must have from 0 to 2 items.' },
        { path: 'naem', message: 'is not a known field. Did you mean "name"?' },
      ],
      rest: { count: 1 },
    });
  });

  it('is what holds a list or an object where there should be none', () => {
    expect(withinBounds(schema, { name: [1, [2]], count: { a: 1 } }).rest).toEqual({ name: [], count: {} });
  });

  it('is measured in characters, not in units of UTF-16', () => {
    expect(withinBounds(schema, { name: '👩👩👩' }).errors).toEqual([]);
    expect(withinBounds(schema, { name: '👩👩👩👩' }).errors).toHaveLength(1);
  });
});

describe('half of a surrogate pair', () => {
  it('is named wherever it stands, and left out: stored it would be another character', () => {
    const message = 'has half of a surrogate pair, which is not text.';
    expect(withinBounds(schema, { name: '\ud83d', words: ['a', 'b\ude00'] })).toEqual({
      errors: [
        { path: 'name', message },
        { path: 'words[1]', message },
      ],
      rest: { words: ['a', undefined] },
    });
  });

  it('is nothing that a value without rules is looked through for', () => {
    const open = createCheck(closed({ event: Type.Unknown() }));
    expect(open.errors({ event: { text: '\ud83d' } })).toEqual([]);
  });
});

describe('a check', () => {
  it('names each place once, by its length before its contents', () => {
    expect(createCheck(schema).errors({ name: 'bbbb', words: ['aaa', 'b'], count: 'x' })).toEqual([
      { path: 'name', message: 'must have at most 3 characters.' },
      { path: 'words[0]', message: 'must have at most 2 characters.' },
      { path: 'count', message: 'must be a whole number.' },
    ]);
  });

  it('stops at 50 errors, and cuts names at 64 characters', () => {
    const fields = Array.from({ length: 10_000 }, (_, i) => [`${'x'.repeat(1_000)}${i}`, 1]);
    const errors = createCheck(schema).errors(Object.fromEntries(fields));
    expect(errors).toHaveLength(50);
    expect(errors[0]?.path).toBe(`["${'x'.repeat(64)}…"]`);
  });
});
