import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';
import { inboundText, whatsappReport } from './reports.ts';

const portal = usePortal();
const waba = '919999999999';

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('radiogroup', { name: field }).getByRole('radio', { name: option }).check();
}

describe('A developer of a WhatsApp account', () => {
  it('adds a webhook for reports of one number, and sees a read report arrive', async () => {
    const { gateway, signedIn, next } = portal();
    const accountId = await gateway.createAccount();
    await gateway.createSender(accountId, waba);
    await using receiver = await createReceiver();
    const { page, complaints } = await signedIn('developer', accountId);

    await page.getByRole('link', { name: 'Add webhook' }).first().click();
    await choose(page, 'Product', 'WhatsApp');
    await choose(page, 'Webhook Server Send Method', 'JSON');
    await page.getByRole('combobox', { name: 'Waba Number' }).click();
    await page.getByRole('option', { name: waba }).click();
    await page.getByLabel('Webhook (URL Endpoint)').fill(receiver.url);
    await page.getByRole('button', { name: 'Use example names' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL(/webhooks\/wh_/);

    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await page.getByText('No deliveries yet').waitFor();
    await page.getByText('New ones appear here').waitFor();
    await gateway.accept(whatsappReport(accountId, waba, 'wamid.READ'));
    const { body } = await next(receiver);
    await page.getByText('wamid.READ').first().waitFor();
    expect(JSON.parse(body.toString())).toMatchObject({
      msg_id: 'wamid.READ',
      status: 'read',
      read_time: '2026-11-22T10:16:00.000Z',
    });
    expect(complaints).toEqual([]);
  });

  it('adds a webhook for inbound messages, which asks for no parameter names', async () => {
    const { gateway, signedIn, next } = portal();
    const accountId = await gateway.createAccount();
    await gateway.createSender(accountId, waba);
    await using receiver = await createReceiver();
    const { page, complaints } = await signedIn('developer', accountId);

    await page.getByRole('link', { name: 'Add webhook' }).first().click();
    expect(await page.getByRole('radiogroup', { name: 'Webhook Report Type' }).innerText()).not.toContain(
      'MO',
    );
    await choose(page, 'Product', 'WhatsApp');
    await choose(page, 'Webhook Server Send Method', 'JSON');
    await choose(page, 'Webhook Report Type', 'MO');
    expect(await page.getByLabel('Transaction ID Parameter').count()).toBe(0);
    await page.getByLabel('Webhook (URL Endpoint)').fill(receiver.url);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL(/webhooks\/wh_/);

    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await page.getByText('No deliveries yet').waitFor();
    await page.getByText('New ones appear here').waitFor();
    await gateway.accept(inboundText(accountId, waba, 'wamid.IN', 'Where is <b>my</b> order?'));
    const { body } = await next(receiver);
    await page.getByText('wamid.IN').first().click();
    expect(JSON.parse(body.toString()).messages[0].text.body).toBe('Where is <b>my</b> order?');
    // What somebody wrote is shown, never interpreted.
    await page.getByText('Where is <b>my</b> order?').first().waitFor();
    expect(complaints).toEqual([]);
  });
});
