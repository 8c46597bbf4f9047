import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { OpenPlace } from './open-store.ts';

const at = Date.UTC(2026, 10, 22, 10);

/** What every store does with how late it was. */
export function trustedTimeConformance(name: string, open: OpenPlace<'trustedTime'>): void {
  describe(`${name}: how late it was`, () => {
    it('is known from what was last written down, over a restart too', async () => {
      const first = await open('trusted time', createManualClock());
      expect(await first.trustedTime.load()).toBeNull();
      await first.trustedTime.save({ at, doubt: { aheadMs: 60_000, forMs: 5 } });
      expect(await first.trustedTime.load()).toEqual({ at, doubt: { aheadMs: 60_000, forMs: 5 } });
      await first.trustedTime.save({ at: at + 1, doubt: null });
      await first.close();
      const second = await open('trusted time', createManualClock());
      expect(await second.trustedTime.load()).toEqual({ at: at + 1, doubt: null });
      await second.close();
    });
  });
}
