import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { brokenByte } from './utf8.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

it.each([
  ['', null],
  ['41 c3 a9 e2 82 ac f0 9f 99 82', null],
  ['ef bb bf 41', null],
  ['ff', 0],
  ['41 e9 41', 1],
  ['41 c3', 1],
  ['41 c3 28', 1],
  ['e2 82 41', 0],
  ['f0 9f 99', 0],
  ['41 80', 1],
  ['c0 80', 0],
  ['ed a0 80', 0],
  ['f4 90 80 80', 0],
  ['ef bf bd ef bf bd fe', 6],
])('of the bytes %s the first that is not UTF-8 is %j', (bytes, at) => {
  expect(brokenByte(hex(bytes))).toBe(at);
});

it('is found wherever it stands', () => {
  const text = fc
    .tuple(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 9_000 }))
    .map(([characters, length]) => Buffer.from((characters || 'é').repeat(1 + Math.ceil(length / 4))));
  fc.assert(
    fc.property(text, fc.constantFrom(0xff, 0xc0, 0x80, 0xe9), text, (before, byte, after) => {
      const bytes = Buffer.concat([before, Buffer.from([byte]), after]);
      if (isUtf8(bytes)) expect(brokenByte(bytes)).toBeNull();
      else expect(brokenByte(bytes)).toBe(before.length);
    }),
    { numRuns: 200 },
  );
});
