import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { accessibilityFaults } from './accessibility.ts';
import { usePortal } from './portal-stage.ts';
import { screens } from './screens.ts';
import { type Seeded, seed } from './seed.ts';
import { settled, still } from './settled.ts';

const portal = usePortal();
const pages = new Map<string | null, { page: Page; complaints: readonly string[] }>();
const stack = new AsyncDisposableStack();
let seeded: Seeded;

beforeAll(async () => {
  const well = stack.use(await createReceiver());
  const ill = stack.use(await createReceiver({ script: [500] }));
  seeded = await seed(portal(), well, ill);
  const { accountId } = seeded;
  pages.set(null, await portal().visitor());
  pages.set('operator', await portal().signedIn('operator', null));
  for (const role of ['developer', 'viewer']) pages.set(role, await portal().signedIn(role, accountId));
});

afterAll(() => stack.disposeAsync());

describe('Every screen', () => {
  it.each(screens)(
    '$name has nothing that axe finds, in light and in dark, and fits a phone of 360 px',
    async ({ name, path, as }) => {
      const visitor = pages.get(as);
      if (!visitor) throw new Error(`Nobody is a ${as}.`);
      const { page, complaints } = visitor;
      await page.goto(path(seeded));
      await settled(page);
      expect(await accessibilityFaults(page)).toEqual([]);
      await keepSight(page, `${name}-light`);

      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
      await still(page);
      expect(await accessibilityFaults(page, 'colours')).toEqual([]);
      await keepSight(page, `${name}-dark`);

      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(phone);
      await page.locator('html[data-mantine-color-scheme="light"]').waitFor();
      const sideways = 'document.documentElement.scrollWidth - window.innerWidth';
      await expect.poll(() => page.evaluate<number>(sideways)).toBeLessThanOrEqual(0);
      await still(page);
      await keepSight(page, `${name}-phone`);
      await page.setViewportSize(desk);
      expect(complaints).toEqual([]);
    },
  );
});

const phone = { width: 360, height: 740 };
const desk = { width: 1280, height: 900 };

/** Saves what is seen, for `npm run screenshots`. */
async function keepSight(page: Page, name: string): Promise<void> {
  const directory = process.env.HOOKWIRE_SCREENSHOTS;
  if (directory !== undefined) await page.screenshot({ path: join(directory, `${name}.png`) });
}
