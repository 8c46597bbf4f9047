import { expect, it } from 'vitest';
import { indentJson } from './indent-json.ts';

it('has a line for each part, and every part as it stands', () => {
  expect(
    indentJson('{"b":30.00,"1":[12345678901234567890, -0 ],"b" : {"a":"\\u0041 , : {"},"c":[ ],"d":{}}'),
  ).toBe(
    `{
  "b": 30.00,
  "1": [
    12345678901234567890,
    -0
  ],
  "b": {
    "a": "\\u0041 , : {"
  },
  "c": [],
  "d": {}
}`,
  );
});

it('is what JSON.stringify lays out, of what that can write', () => {
  const value = { a: [1, 'x', null, true, { b: { c: [[], {}] } }], d: 'é\n"', e: 1.5 };
  expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
});

it('leaves what is nested very deep as it is', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(indentJson(deep) === deep).toBe(true);
});
