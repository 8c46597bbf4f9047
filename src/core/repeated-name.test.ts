import { describe, expect, it } from 'vitest';
import { repeatedName } from './repeated-name.ts';

describe('a name that stands twice in an object', () => {
  it.each([
    ['{"a":1,"a":2}', ['a']],
    ['{ "a" : {"b":"a","c":[]} , "d":[1,{"e":{}},{"f":"}","\\u0066":2}]}', ['d', 2, 'f']],
    ['[[],[{"a":[{"x":1},{"x":2}],"a":0}]]', [1, 0, 'a']],
    ['{"":1,"":2}', ['']],
    ['{"a\\"":"\\\\","a\\"":1}', ['a"']],
  ])('is found in %s', (text, steps) => {
    expect(repeatedName(text)).toEqual(steps);
  });

  it.each([
    '{"a":"a","b":{"a":1},"c":[{"a":1},{"a":2}]}',
    '{"a":"\\",\\"a\\":1"}',
    '["a","a"]',
    '"a"',
    '{}',
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  ])('is not found where each stands once: %.40s', (text) => {
    expect(repeatedName(text)).toBeNull();
  });

  it('is not looked for in what is kept as it came', () => {
    expect(repeatedName('{"event":{"a":1,"a":[{}]},"b":1}', 'event')).toBeNull();
    expect(repeatedName('{"event":"x","b":1,"b":2}', 'event')).toEqual(['b']);
    expect(repeatedName('{"x":{"event":{"a":1,"a":2}}}', 'event')).toEqual(['x', 'event', 'a']);
  });
});
