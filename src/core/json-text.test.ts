import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepShapes, nested } from '../testing/deep-json.ts';
import { jsonText } from './json-text.ts';

describe('the JSON text of a value', () => {
  it.each(Object.keys(deepShapes) as (keyof typeof deepShapes)[])(
    'is what was parsed, however deep: %s',
    (shape) => {
      for (const depth of [10, 3_000, 14_000, 50_000, 100_000]) {
        const text = nested(shape, depth);
        expect(jsonText(JSON.parse(text)) === text).toBe(true);
      }
    },
  );

  it('is what JSON.stringify gives where that can, beside something deep too', () => {
    // Names like `1` are what makes JSON.stringify recurse.
    const deep = JSON.parse(nested('numbered', 20_000)) as object;
    const deepText = nested('numbered', 20_000);
    expect(() => JSON.stringify(deep)).toThrow(RangeError);
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const both = { value, left: undefined, list: [undefined, value], deep };
        const expected = JSON.stringify({ ...both, deep: 0 }).replace(/0}$/, `${deepText}}`);
        expect(jsonText(both) === expected).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
