import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nested } from '../testing/deep-json.ts';
import { objectOfJson, textOfJson } from '../testing/json-texts.ts';
import { eachMember, endOfText, endOfValue, memberText, memberTexts } from './json-members.ts';

describe('the members of an object in JSON text', () => {
  it('are those that JSON.parse finds, each as it stands there', () => {
    fc.assert(
      fc.property(objectOfJson, (text) => {
        const texts = memberTexts(text);
        const read = new Map(Object.entries(JSON.parse(text)));
        expect(new Map([...texts].map(([name, value]) => [name, JSON.parse(value)]))).toEqual(read);
        eachMember(text, (_, { from, to }) => expect(text.slice(from, to)).toBe(text.slice(from, to).trim()));
      }),
      { numRuns: 500 },
    );
  });

  it('are found by their names, however these are written; the last of several', () => {
    const text = '{ "a":1, "\\u0061" : { "b":[1 , 2] } ,"b":"},\\"a\\":" }';
    expect(memberText(text, 'a')).toBe('{ "b":[1 , 2] }');
    expect(memberText(text, 'b')).toBe('"},\\"a\\":"');
    expect(memberText(text, 'c')).toBeNull();
  });

  it.each(['[]', '1', '"{}"', 'null', '{}', '{ }', ''])('are none in %s', (text) => {
    expect([...memberTexts(text)]).toEqual([]);
  });

  it('end where they end, however deep and whatever stands in their texts', () => {
    const deep = nested('numbered', 100_000);
    expect(endOfValue(`${deep},1`, 0)).toBe(deep.length);
    fc.assert(
      fc.property(textOfJson, objectOfJson, (text, object) => {
        expect(endOfText(`${text},"x"`, 0)).toBe(text.length);
        expect(endOfValue(`${object}]`, 0)).toBe(object.length);
      }),
    );
  });
});
