import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { OpenPlace } from './open-store.ts';

const at = Date.UTC(2026, 10, 22, 10);

/** What every store does with portal links. */
export function portalLinksConformance(name: string, open: OpenPlace<'portalLinks'>): void {
  describe(`${name}: portal links`, () => {
    it('lets each link be used once', async () => {
      const { portalLinks, close } = await open('portal links', createManualClock());
      expect(await portalLinks.use('a', at + 1_000, at)).toBe(true);
      expect(await portalLinks.use('a', at + 1_000, at)).toBe(false);
      expect(await portalLinks.use('b', at + 1_000, at)).toBe(true);
      const atOnce = await Promise.all(['c', 'c', 'c'].map((id) => portalLinks.use(id, at + 1_000, at)));
      expect(atOnce.filter(Boolean)).toEqual([true]);
      await close();
    });

    it('remembers it until the link expires, over a restart too', async () => {
      const first = await open('portal links again', createManualClock());
      await first.portalLinks.use('a', at + 1_000, at);
      await first.close();
      const second = await open('portal links again', createManualClock());
      expect(await second.portalLinks.use('a', at + 1_000, at + 1_000)).toBe(false);
      await second.portalLinks.use('other', at + 9_000, at + 1_001);
      expect(await second.portalLinks.use('a', at + 9_000, at + 1_001)).toBe(true);
      await second.close();
    });
  });
}
