import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectOfJson } from '../testing/json-texts.ts';
import { jsonText } from './json-text.ts';
import { replaceTokens } from './json-tokens.ts';
import { KeptJson, readKept } from './kept-json.ts';

describe('JSON that is kept as it came', () => {
  it('is written so within whatever else is written', () => {
    fc.assert(
      fc.property(fc.array(objectOfJson), fc.jsonValue(), (texts, other) => {
        const written = jsonText({
          other,
          kept: texts.map((text) => new KeptJson(text)),
          last: new KeptJson('-0'),
        });
        expect(written).toBe(`{"other":${JSON.stringify(other)},"kept":[${texts.join(',')}],"last":-0}`);
      }),
    );
  });

  it('is written so beside what is nested deeper than the stack', () => {
    const deep = JSON.parse(`${'{"1":'.repeat(20_000)}0${'}'.repeat(20_000)}`) as object;
    const written = jsonText({ kept: new KeptJson('{"b":1.0,"a":1}'), deep });
    expect(written.startsWith('{"kept":{"b":1.0,"a":1},"deep":{"1":')).toBe(true);
  });

  it('is a usual value for whoever knows nothing of it', () => {
    expect(JSON.stringify({ kept: new KeptJson('{ "a":1.0 }') })).toBe('{"kept":{"a":1}}');
  });

  it.each([
    ['{"a":12345678901234567890}', '12345678901234567890'],
    ['{"a":9007199254740993}', '9007199254740993'],
    ['{"a":30.00}', '30.00'],
    ['{"a":-0}', '-0'],
    ['{"a":1e400}', '1e400'],
    ['{"a":1E2}', '1E2'],
    ['{"a":0.00000001}', '0.00000001'],
    ['{"a":12.971598712345678901}', '12.971598712345678901'],
    ['{"a":12.9715987}', 12.9715987],
    ['{"a":-77}', -77],
    ['{"a":"1.00"}', '1.00'],
  ])('of %s has the number as it is written', (text, a) => {
    expect(readKept(text)).toEqual({ a });
  });

  it('is read once for whoever reads the same again, also by turns with another', () => {
    const [one, other] = ['{"a":1.0}', '{"b":2}'];
    const read = readKept(one);
    const second = readKept(other);
    for (let i = 0; i < 3; i++)
      expect([readKept(one) === read, readKept(other) === second]).toEqual([true, true]);
    readKept('{"c":3}');
    expect(readKept(one)).toEqual({ a: '1.0' });
  });

  it('has every number as it is written, as text where JavaScript has it in another form', () => {
    const numbers: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value === 'number') numbers.push(String(value));
      if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
    };
    fc.assert(
      fc.property(objectOfJson, (text) => {
        numbers.length = 0;
        collect(readKept(text));
        for (const number of numbers) expect(text).toContain(number);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the tokens of JSON', () => {
  it('are every text, number and name, and stay as they are unless they are replaced', () => {
    fc.assert(
      fc.property(objectOfJson, (text) => {
        let names = 0;
        expect(
          replaceTokens(text, ({ isName }) => {
            if (isName) names++;
            return null;
          }),
        ).toBe(text);
        expect(names).toBe(countNames(text));
        const nulled = replaceTokens(text, ({ isName }) => (isName ? null : 'null'));
        expect(JSON.parse(nulled)).toEqual(JSON.parse(text, (_, part) => (isPlain(part) ? null : part)));
      }),
      { numRuns: 500 },
    );
  });

  it('know the name that they, or the list that they are in, are the value of', () => {
    const seen: (string | null)[] = [];
    replaceTokens('{"a":1,"b":[2,{"c" : "x"}, 3],"d":true,"e":-1.5}', ({ name, isName, source }) => {
      if (!isName) seen.push(name, source);
      return null;
    });
    expect(seen).toEqual(['a', '1', 'b', '2', 'c', '"x"', null, '3', 'e', '-1.5']);
  });
});

function isPlain(part: unknown): boolean {
  return typeof part === 'string' || typeof part === 'number';
}

/** Names that come twice are counted twice. */
function countNames(text: string): number {
  const withoutTexts = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return withoutTexts.split(/""\s*:/).length - 1;
}
