import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';
import { smsReport } from './reports.ts';

const portal = usePortal();

/** What the browser saves. */
async function download(page: Page, item: RegExp) {
  await page.getByRole('button', { name: 'Download' }).click();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return { name: saved.suggestedFilename(), text: await readFile(await saved.path(), 'utf8') };
}

const idsIn = (csv: string) =>
  Papa.parse<{ messageId: string }>(csv, { header: true, skipEmptyLines: true }).data.map(
    ({ messageId }) => messageId,
  );

describe('Somebody who wants a list as a file', () => {
  it('gets the deliveries that the filters in view find, and the events, with numbers masked for a viewer', async () => {
    const { gateway, signedIn } = portal();
    const accountId = await gateway.createAccount();
    await using receiver = await createReceiver();
    await gateway.createWebhook(accountId, { url: receiver.url });
    await gateway.accept([smsReport(accountId, 'm-1'), smsReport(accountId, 'm-2')]);
    await receiver.next();
    await receiver.next();
    const { page, complaints } = await signedIn('viewer', accountId);

    await page.goto(`/a/${accountId}/deliveries?messageId=m-2`);
    const deliveries = await download(page, /^For Excel/);
    expect(deliveries.name).toMatch(/^deliveries-\d{4}-\d\d-\d\d\.csv$/);
    expect(idsIn(deliveries.text)).toEqual(['m-2']);
    expect(deliveries.text).toContain('5678');
    expect(deliveries.text).not.toContain('919812345678');

    await page.goto(`/a/${accountId}/events?messageId=m-1`);
    const events = await download(page, /NDJSON/);
    expect(events.name).toMatch(/^events-\d{4}-\d\d-\d\d\.ndjson$/);
    expect(JSON.parse(events.text)).toMatchObject({ messageId: 'm-1' });
    expect(complaints).toEqual([]);
  });
});
