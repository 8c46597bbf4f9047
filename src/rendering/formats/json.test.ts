import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../testing/rendering.ts';
import type { FieldValue } from './format.ts';
import { jsonFormat } from './json.ts';

function write(pairs: readonly (readonly [string, FieldValue])[]): string {
  const fields = pairs.map(([name, value]) => jsonFormat.field(jsonFormat.name(name), value)).join('');
  return jsonFormat.document(jsonFormat.object(fields));
}

describe('a JSON object', () => {
  it('keeps names in their order and takes every name', () => {
    const pairs = [
      ['b', 'x'] as const,
      ['42', 'y'] as const,
      ['__proto__', 'z'] as const,
      ['1', null] as const,
    ];
    expect(write(pairs)).toBe('{"b":"x","42":"y","__proto__":"z","1":null}');
  });

  it('writes text, numbers, what is not known and objects as JSON has them', () => {
    const pairs = [
      ['a', '000'] as const,
      ['b', 1795342530] as const,
      ['c', null] as const,
      ['d', { json: '{ "1":1.0 }' }] as const,
    ];
    expect(write(pairs)).toBe('{"a":"000","b":1795342530,"c":null,"d":{ "1":1.0 }}');
  });

  it('carries any names and values there and back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(anyText, anyText), { selector: ([name]) => name }), (pairs) => {
        const text = write(pairs);
        expect(text.isWellFormed()).toBe(true);
        expect(new Map(Object.entries(JSON.parse(text)))).toEqual(new Map(pairs));
      }),
    );
  });
});
