import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';
import { type Seeded, seed } from './seed.ts';
import { settled } from './settled.ts';

const portal = usePortal();
const stack = new AsyncDisposableStack();
let seeded: Seeded;

beforeAll(async () => {
  const well = stack.use(await createReceiver());
  const ill = stack.use(await createReceiver({ script: [500] }));
  seeded = await seed(portal(), well, ill);
});

afterAll(() => stack.disposeAsync());

/** What a browser window leaves to the page: as it is, and with the page at 200 %. */
const windows = [
  { name: 'a window of 1024 px', width: 1024 },
  { name: 'a window of 1280 px', width: 1280 },
  { name: 'a window of 1920 px at 200 %', width: 960 },
  { name: 'a window of 1600 px at 200 %', width: 800 },
  { name: 'a window of 1280 px at 200 %', width: 640 },
  { name: 'a window of 1024 px at 200 %', width: 512 },
];

/** Of the browser's own names those that are needed here. */
interface Sight {
  readonly innerWidth: number;
  readonly innerHeight: number;
  readonly document: { elementFromPoint(x: number, y: number): unknown };
}

/** Whether something is in the window, and what is seen at its middle is itself. */
function isSeen(one: Locator): Promise<boolean> {
  return one.evaluate((element) => {
    const { innerWidth, innerHeight, document } = globalThis as unknown as Sight;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight) return false;
    const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2) as typeof element | null;
    return seen !== null && (element.contains(seen) || seen.contains(element));
  });
}

async function topOf(one: Locator): Promise<number> {
  return (await one.boundingBox())?.y ?? Number.NaN;
}

async function openAt(page: Page, width: number, height: number, path: string): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.goto(path);
  await settled(page);
}

describe('Manage Webhooks', () => {
  it.each(['developer', 'viewer'])(
    'shows status, success and actions of a row to a %s, however narrow',
    async (role) => {
      const { page, complaints } = await portal().signedIn(role, seeded.accountId);
      for (const { name, width } of windows) {
        // High enough for every row, whichever comes first.
        await openAt(page, width, 1_600, `/a/${seeded.accountId}/webhooks`);
        const details = page.getByRole('link', { name: /^View Details of .*sms\/dlr/ });
        const row = page.locator('tr, li').filter({ has: details });
        const seen = [
          details,
          row.getByText('Enabled', { exact: true }),
          row.getByRole('img', { name: /in the last 24 hours/ }),
        ];
        if (role === 'developer') {
          const edit = row.getByRole('link', { name: /^Edit / });
          const remove = row.getByRole('button', { name: /^Delete / });
          seen.push(edit, remove);
          const tops = [await topOf(edit), await topOf(remove), await topOf(details)];
          expect([name, new Set(tops).size]).toEqual([name, 1]);
        }
        expect([name, ...(await Promise.all(seen.map(isSeen)))]).toEqual([name, ...seen.map(() => true)]);
      }
      expect(complaints).toEqual([]);
    },
  );
});

describe('View Details', () => {
  it('opens with the configuration in view, and the figures beside or below it', async () => {
    const { page, complaints } = await portal().signedIn('developer', seeded.accountId);
    for (const width of [1440, 1280, 1024, 640]) {
      await openAt(page, width, 900, `/a/${seeded.accountId}/webhooks`);
      await page.getByRole('link', { name: /^View Details of .*sms\/dlr/ }).click();
      await page.getByText('Half delivered within').waitFor();
      const configuration = page.getByRole('region', { name: 'Configuration' });
      const parts = ['Webhook Server Send Method', 'Webhook Report Type', 'Webhook (URL Endpoint)'];
      for (const part of parts) {
        expect([width, part, await isSeen(configuration.getByText(part, { exact: true }))]).toEqual([
          width,
          part,
          true,
        ]);
      }
      const names = configuration.getByRole('heading', { name: 'Required Parameters' });
      expect([width, await isSeen(names)]).toEqual([width, true]);
      const figures = page.getByText('Half delivered within');
      const beside = width >= 1200;
      const place = { x: (await figures.boundingBox())?.x ?? 0, y: await topOf(figures) };
      const box = await configuration.boundingBox();
      if (box === null) throw new Error('There is no configuration.');
      expect(beside ? place.x > box.x + box.width : place.y > box.y + box.height).toBe(true);
    }
    expect(complaints).toEqual([]);
  });

  it('of an endpoint that fails opens so too, and says why beside it', async () => {
    const { page, complaints } = await portal().signedIn('developer', seeded.accountId);
    await openAt(page, 1_280, 900, `/a/${seeded.accountId}/webhooks/${seeded.failingWebhookId}`);
    const configuration = page.getByRole('region', { name: 'Configuration' });
    const failing = page.getByRole('heading', { name: 'The endpoint fails' });
    await failing.waitFor();
    for (const part of ['Product', 'Webhook (URL Endpoint)', 'Delivery settings']) {
      expect([part, await isSeen(configuration.getByText(part, { exact: true }))]).toEqual([part, true]);
    }
    expect(await isSeen(failing)).toBe(true);
    expect(complaints).toEqual([]);
  });
});
