import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequenceAt, sequenceTime } from './ids.ts';
import { createNodeSequence, isOfNode, nodeStride } from './node-sequence.ts';

const now = Date.UTC(2026, 5, 1);
const node = fc.integer({ min: 0, max: nodeStride - 1 });

describe('the numbers of one of several processes', () => {
  it('are its own, rise, and lie in the millisecond in which they were taken', () => {
    const takes = fc.array(
      fc.record({ count: fc.integer({ min: 1, max: 40 }), later: fc.integer({ min: 1, max: 9 }) }),
    );
    const property = fc.property(node, takes, (own, all) => {
      let at = now;
      const sequence = createNodeSequence({ now: () => at }, own);
      let last = 0;
      for (const { count, later } of all) {
        at += later;
        const first = sequence.take(count);
        expect(first).toBeGreaterThan(last);
        for (let i = 0; i < count; i++) expect(isOfNode(first + i * nodeStride, own)).toBe(true);
        last = first + (count - 1) * nodeStride;
        expect(sequenceTime(last)).toBe(at);
      }
    });
    fc.assert(property);
  });

  it('are never those of another process, whatever the clocks of both say', () => {
    const property = fc.property(node, node, fc.nat(5), fc.nat(50), (one, other, apart, count) => {
      fc.pre(one !== other);
      const taken = (own: number, at: number): number[] => {
        const sequence = createNodeSequence({ now: () => at }, own);
        return Array.from({ length: count }, () => sequence.take(1));
      };
      const others = new Set(taken(other, now + apart));
      expect(taken(one, now).filter((number) => others.has(number))).toEqual([]);
    });
    fc.assert(property);
  });

  it('begin above all that is in use, also where the clock was set back', () => {
    const property = fc.property(node, fc.integer({ min: 0, max: 2 ** 40 }), (own, ahead) => {
      const above = sequenceAt(now) + ahead;
      const first = createNodeSequence({ now: () => now }, own, above).take(1);
      expect(first).toBeGreaterThan(above);
      expect(first).toBeLessThanOrEqual(above + nodeStride);
      expect(isOfNode(first, own)).toBe(true);
    });
    fc.assert(property);
  });

  it('run ahead of a clock that stands, instead of repeating one', () => {
    const sequence = createNodeSequence({ now: () => now }, 7);
    const taken = Array.from({ length: 300 }, () => sequence.take(1));
    expect(new Set(taken).size).toBe(300);
    expect(sequenceTime(taken.at(-1) ?? 0)).toBe(now + 2);
  });

  it.each([-1, 32, 1.5, Number.NaN])('are refused for process %s', (wrong) => {
    expect(() => createNodeSequence({ now: () => now }, wrong)).toThrow('from 0 to 31');
  });
});
