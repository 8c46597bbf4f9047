import type { Page } from 'playwright-core';

/** The page shows what it has to show: its title, and nothing that is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading').first().waitFor();
  await page.locator('[aria-label="Loading"], [data-loading]').first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready');
}
