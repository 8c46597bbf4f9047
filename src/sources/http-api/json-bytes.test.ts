import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonBytes, roughSize } from './json-bytes.ts';

const unit = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0x22, 0x5c, 9, 1, 0xd83d, 0xdc69));
/** Texts of any units of UTF-16, halves of characters too. */
const text = fc.array(unit, { maxLength: 12 }).map((codes) => String.fromCharCode(...codes));

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.constantFrom(null, true, 1e21, 0.1),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;

it('counts the bytes that JSON.stringify writes', () => {
  fc.assert(
    fc.property(json, (value) => {
      const parsed = JSON.parse(JSON.stringify(value));
      expect(jsonBytes(parsed)).toBe(Buffer.byteLength(JSON.stringify(parsed)));
    }),
    { numRuns: 1_000 },
  );
});

it('never has more bytes than its rough size says', () => {
  fc.assert(
    fc.property(json, (value) => {
      const parsed = JSON.parse(JSON.stringify(value));
      expect(jsonBytes(parsed)).toBeLessThanOrEqual(roughSize(parsed).mostBytes);
    }),
    { numRuns: 1_000 },
  );
});

it('has about as many characters as its rough size says, of what is usual', () => {
  const attributes = {
    templateId: 'order_update',
    parts: [1, 2, 3],
    operator: { name: 'Airtel', circle: 'KA' },
  };
  const { characters } = roughSize(attributes);
  expect(characters / JSON.stringify(attributes).length).toBeGreaterThan(0.8);
  expect(characters / JSON.stringify(attributes).length).toBeLessThan(1.3);
});
