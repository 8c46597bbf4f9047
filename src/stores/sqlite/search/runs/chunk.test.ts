import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createChunkWriter, placeIn, readChunk } from './chunk.ts';
import { sortedPairs } from './sort-pairs.ts';

const term = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 5 }));
const pairs = fc.array(fc.tuple(term, fc.maxSafeNat()), { maxLength: 300 });

function sorted(given: readonly (readonly [number, number])[]) {
  const terms = Float64Array.from(given, ([each]) => each);
  const seqs = Float64Array.from(given, ([, seq]) => seq);
  return sortedPairs({ terms, seqs });
}

it('holds the pairs that it was given, each once, and finds their places', () => {
  fc.assert(
    fc.property(pairs, fc.tuple(term, fc.maxSafeNat()), (given, [askedTerm, askedSeq]) => {
      const { terms, seqs } = sorted(given);
      const writer = createChunkWriter(Math.min(...seqs));
      const length = Math.min(terms.length, 200);
      for (let i = 0; i < length; i++) {
        expect(writer.isFull).toBe(false);
        writer.add(terms[i] ?? 0, seqs[i] ?? 0);
      }
      const chunk = readChunk(writer.take());
      expect(Array.from(chunk.terms)).toEqual(Array.from(terms.subarray(0, length)));
      expect(Array.from(chunk.seqs)).toEqual(Array.from(seqs.subarray(0, length)));
      const before = Array.from(terms.subarray(0, length)).filter(
        (each, i) => each < askedTerm || (each === askedTerm && (seqs[i] ?? 0) < askedSeq),
      );
      expect(placeIn(chunk, askedTerm, askedSeq)).toBe(before.length);
    }),
  );
});

it('is full before it is longer than a page, whatever is in it', () => {
  const dense = createChunkWriter(0);
  for (let seq = 0; !dense.isFull; seq++) dense.add(1, seq);
  const dearest = createChunkWriter(0);
  for (let i = 0; !dearest.isFull; i++) dearest.add(i * 2 ** 43, 2 ** 53 - 1 - i);
  for (const writer of [dense, dearest]) {
    const { pairs: count } = writer;
    const bytes = writer.take();
    expect(bytes.length).toBeLessThanOrEqual(4_056);
    expect(bytes.length).toBeGreaterThan(4_000);
    expect(readChunk(bytes).length).toBe(count);
  }
});

it('pairs are sorted by term, then by number, and without repeats, however many share a bucket', () => {
  const few = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 })), {
    minLength: 500,
    maxLength: 900,
  });
  fc.assert(
    fc.property(fc.oneof(pairs, few), (given) => {
      const { terms, seqs } = sorted(given);
      const expected = new Map(given.map((pair) => [pair.join(' '), pair] as const));
      const order = [...expected.values()].sort(([a, x], [b, y]) => a - b || x - y);
      expect(Array.from(terms, (each, i) => [each, seqs[i]])).toEqual(order);
    }),
    { numRuns: 60 },
  );
});
