import type { Page } from 'playwright-core';

/** The page shows what it has to show: its title, and nothing that is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading').first().waitFor();
  await page.locator('[aria-label="Loading"], [data-loading]').first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready');
}

/** What moves or fades has come to its end, such as colours after a change of the scheme. */
export async function still(page: Page): Promise<void> {
  await page.evaluate(
    `new Promise((go) => requestAnimationFrame(go))
       .then(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))))
       .then(() => null)`,
  );
}
