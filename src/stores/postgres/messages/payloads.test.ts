import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPayloadReader, type Heard, toPayloads, toWord, type Word } from './payloads.ts';

/** Below which a payload must be, in bytes of UTF-8. */
const limit = 8_000;
const all = '_all';

const heardBy = (reader: ReturnType<typeof createPayloadReader>, texts: readonly string[]) =>
  texts
    .map((text) => reader.read(text))
    .filter((heard): heard is Heard => heard !== null && heard !== 'foreign');

/** Texts of any Unicode, short and long ones; surrogates that stand alone among them. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '\0', 'ü', 'ह', '😀', '\ud800'), maxLength: 5_000 }),
);
const words = fc.array(
  fc.record({
    channel: fc.constantFrom(all, '_to_b', '_to_c'),
    kind: fc.constantFrom('arrived', 'asked'),
    body: fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.array(text, { maxLength: 4 })),
  }),
  { maxLength: 30 },
);

describe('words as payloads', () => {
  it('are what they were, in their order, in payloads below the limit, whatever they say', () => {
    fc.assert(
      fc.property(words, fc.nat(1e12), (said, number) => {
        const payloads = toPayloads(
          said.map(({ channel, kind, body }) => toWord(channel, kind, body)),
          'a'.repeat(40),
          number,
        );
        for (const payload of payloads) expect(Buffer.byteLength(payload.text)).toBeLessThan(limit);
        expect(new Set(payloads.map((payload) => payload.text)).size).toBe(payloads.length);
        for (const listener of ['_to_b', '_to_c']) {
          const isFor = ({ channel }: Pick<Word, 'channel'>): boolean =>
            channel === all || channel === listener;
          const heard = heardBy(
            createPayloadReader('b'),
            payloads.filter(isFor).map((payload) => payload.text),
          );
          expect(heard.flatMap((each) => each.words)).toEqual(
            said.filter(isFor).map(({ kind, body }) => JSON.parse(JSON.stringify([kind, body]))),
          );
        }
      }),
    );
  });

  it('are many in one payload, and one in many where it is large', () => {
    const small = Array.from({ length: 100 }, (_, i) => toWord(all, 'arrived', { seq: i }));
    expect(toPayloads(small, 'a', 1)).toHaveLength(1);
    const payloads = toPayloads([toWord(all, 'answered', 'é'.repeat(100_000))], 'a', 1);
    expect(payloads.length).toBeGreaterThan(70);
    expect(payloads.length).toBeLessThan(80);
  });

  it('are heard once where they are said again, whoever else speaks between', () => {
    const reader = createPayloadReader('c');
    const [a] = toPayloads([toWord(all, 'x', 1)], 'a', 5);
    const [b] = toPayloads([toWord(all, 'x', 2)], 'b', 5);
    const heard = heardBy(
      reader,
      [a, b, a, b].map((payload) => payload?.text ?? ''),
    );
    expect(heard.map(({ from }) => from)).toEqual(['a', 'b']);
  });

  it('are not one’s own', () => {
    const payloads = toPayloads([toWord(all, 'x', 1)], 'a', 1);
    expect(createPayloadReader('a').read(payloads[0]?.text ?? '')).toBeNull();
  });

  it('of which the beginning was not heard are left out, and what follows is heard', () => {
    const payloads = toPayloads(
      [toWord(all, 'large', 'x'.repeat(30_000)), toWord(all, 'small', 1)],
      'a',
      1,
    ).map((payload) => payload.text);
    expect(heardBy(createPayloadReader('b'), payloads.slice(1))).toMatchObject([{ words: [['small', 1]] }]);
    const interrupted = createPayloadReader('b');
    interrupted.read(payloads[0] ?? '');
    interrupted.interrupted();
    expect(heardBy(interrupted, payloads.slice(1))).toMatchObject([{ words: [['small', 1]] }]);
    const torn = createPayloadReader('b');
    expect(heardBy(torn, payloads.toSpliced(1, 1))).toMatchObject([{ words: [['small', 1]] }]);
  });

  it('that were dropped are told of before the next ones', () => {
    const payloads = toPayloads([toWord('_to_b', 'x', 1)], 'a', 1, true);
    expect(payloads.map(({ channel }) => channel)).toEqual([all, '_to_b']);
    expect(
      heardBy(
        createPayloadReader('b'),
        payloads.map((payload) => payload.text),
      ),
    ).toEqual([
      { from: 'a', words: [], missed: true },
      { from: 'a', words: [['x', 1]], missed: false },
    ]);
  });

  it.each([
    '',
    'hello',
    '{"of":"webhook"}',
    '2 a 1 words []',
    '1 a 1 words',
    '1 a 1 words [1]',
    '1 a 2 words [["x"]]',
    '1 a 3 words [["x",',
  ])('are not what another program says: %j', (payload) => {
    expect(createPayloadReader('b').read(payload)).toBe('foreign');
  });
});
