import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inFlightLimit } from './in-flight-limit.ts';

describe('how much may be in flight', () => {
  it('is what was configured where the process may have files enough, or any number', () => {
    expect(inFlightLimit(2_000, 65_536)).toEqual({
      maxInFlight: 2_000,
      mostConnections: 65_280,
      needed: null,
    });
    expect(inFlightLimit(2_000, null)).toMatchObject({ maxInFlight: 2_000, needed: null });
    expect(inFlightLimit(2_000, 2_256)).toMatchObject({ maxInFlight: 2_000, needed: null });
  });

  it('leaves files to the store and to callers, and says how many would be enough', () => {
    expect(inFlightLimit(2_000, 2_255)).toMatchObject({ maxInFlight: 1_999, needed: 2_256 });
    expect(inFlightLimit(2_000, 1_024)).toMatchObject({ maxInFlight: 768, needed: 2_256 });
    expect(inFlightLimit(2_000, 120)).toMatchObject({ maxInFlight: 60, needed: 2_256 });
  });

  it('fits when the limit is raised to what it asks for, is never less than one, and never more than configured', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 200_000 }),
        (most, files) => {
          const { maxInFlight, mostConnections, needed } = inFlightLimit(most, files);
          expect(maxInFlight).toBeGreaterThanOrEqual(1);
          expect(maxInFlight).toBeLessThanOrEqual(Math.min(most, mostConnections));
          if (needed !== null)
            expect(inFlightLimit(most, needed)).toMatchObject({ maxInFlight: most, needed: null });
        },
      ),
    );
  });
});
