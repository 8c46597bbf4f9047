import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** The rules that look at colours. All others look at what is there, which is the same in light and in dark. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds on the page as it is shown: one line for each, empty when all is well.
 * @param what the colours alone, where only they have changed since it looked at everything
 */
export async function accessibilityFaults(page: Page, what: 'all' | 'colours' = 'all'): Promise<string[]> {
  // The portal has no frames: axe need not put together what it found in several, on a page that it opens for that.
  // And it need not say where all those elements are that it finds well.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await (what === 'all' ? axe : axe.withRules(rulesOfColour)).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} (${target.join(' ')}) ${failureSummary ?? ''}`),
  );
}
