import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequenceId } from '../../core/ids.ts';
import { attemptSpanId, isTraced, traceOf } from './span.ts';

describe('the ids of a trace', () => {
  it('have the form of W3C Trace Context', () => {
    const { traceId, acceptSpanId } = traceOf('acc_1', 'evt_1');
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(acceptSpanId).toMatch(/^[0-9a-f]{16}$/);
    expect(attemptSpanId('dlv_1', 1)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('are the same for the same event, and differ between accounts that use the same id', () => {
    expect(traceOf('acc_1', 'my-1')).toEqual(traceOf('acc_1', 'my-1'));
    expect(traceOf('acc_2', 'my-1').traceId).not.toBe(traceOf('acc_1', 'my-1').traceId);
    expect(traceOf('acc_1m', 'y-1').traceId).not.toBe(traceOf('acc_1', 'my-1').traceId);
    expect(attemptSpanId('dlv_1', 2)).not.toBe(attemptSpanId('dlv_1', 1));
  });
});

describe('the share that is traced', () => {
  it('is about as large as asked for, of ids that count up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 45 }),
        fc.constantFrom(0, 0.01, 0.25, 0.9, 1),
        (first, ratio) => {
          const ids = Array.from({ length: 4_000 }, (_, i) => sequenceId('evt', first + i * 3));
          const traced = ids.filter((id) => isTraced(id, ratio)).length / ids.length;
          expect(Math.abs(traced - ratio)).toBeLessThan(0.05);
          if (ratio === 0 || ratio === 1) expect(traced).toBe(ratio);
        },
      ),
      { numRuns: 30 },
    );
  });
});
