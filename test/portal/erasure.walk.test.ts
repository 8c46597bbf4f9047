import { setImmediate } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { eventually } from '../../src/testing/eventually.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';
import { smsReport } from './reports.ts';

const portal = usePortal();
/** As the report has it, and as somebody types it. */
const digits = '919812345678';
const typed = '+91 98123-45678';

/** All that a page has: what it shows, in fields too, its address, and what the browser keeps for it. */
function allOf(page: Page): Promise<string> {
  return page.evaluate<string>(`[
    document.documentElement.outerHTML,
    ...[...document.querySelectorAll('input')].map(({ value }) => value),
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]),
    location.href,
  ].join('\\n')`);
}

const saysNothing = (text: string): boolean => !/9812345678|98123-45678/.test(text);

it('An owner erases a person: sees what is waited for, the receipt, and no number any more, where it stood before either', async () => {
  const { gateway, signedIn, clock, next } = portal();
  const accountId = await gateway.createAccount();
  await using receiver = await createReceiver();
  const webhook = await gateway.createWebhook(accountId, { url: receiver.url });
  await gateway.accept(smsReport(accountId, 'm-1'));
  await next(receiver);
  await gateway.api('POST', `/v1/webhooks/${webhook.id}/disable`);
  await gateway.accept(smsReport(accountId, 'm-2'));

  const { page, complaints } = await signedIn('owner', accountId);
  const open = (name: string) => page.getByRole('link', { name, exact: true }).first().click();
  await open('Deliveries');
  await page.getByText(digits).first().waitFor();
  await open('Erasure');
  await page.getByText('Nobody was erased yet').waitFor();
  await page.getByRole('button', { name: 'Erase a person' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Phone number').fill('098123 45678');
  await form.getByRole('button', { name: 'Erase for good' }).click();
  await form.getByText('country code, 8 to 15 digits').waitFor();
  await form.getByLabel('Phone number').fill(typed);
  await form.getByRole('button', { name: 'Erase for good' }).click();
  await form.waitFor({ state: 'detached' });

  const row = page.getByRole('row').filter({ hasText: 'A person' });
  await row.getByText('Waits until what waits was delivered').waitFor();
  await row.getByText('1 event, 1 delivery, 1 attempt').waitFor();
  expect(saysNothing(await allOf(page))).toBe(true);

  await gateway.api('POST', `/v1/webhooks/${webhook.id}/enable`);
  await receiver.next();
  await gateway.idle();
  await eventually(
    async () => {
      clock.advance(60_000);
      await setImmediate();
      return (await gateway.api<{ data: { state: string }[] }>('GET', `/v1/erasures?accountId=${accountId}`))
        .body;
    },
    ({ data }) => data.every(({ state }) => state === 'done'),
  );
  await row.getByText('Done').waitFor();
  await row.getByText('2 events, 2 deliveries, 2 attempts').waitFor();
  await row.getByText('by Some owner').waitFor();
  expect(saysNothing(await allOf(page))).toBe(true);

  await open('Deliveries');
  await page.getByRole('row').nth(2).waitFor();
  await page.getByText(digits).first().waitFor({ state: 'detached' });
  expect(saysNothing(await allOf(page))).toBe(true);
  await open('Audit log');
  await page.getByText('had a person erased').first().waitFor();
  expect(saysNothing(await allOf(page))).toBe(true);
  await page.goBack();
  await page.goBack();
  await row.getByText('Done').waitFor();
  expect(saysNothing(await allOf(page))).toBe(true);
  expect(complaints).toEqual([]);
});
