import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';

const portal = usePortal();

describe('A developer of an account', () => {
  it('makes a webhook for alerts in a place of its own, tries it, and changes it', async () => {
    const { gateway, signedIn } = portal();
    const accountId = await gateway.createAccount();
    await using receiver = await createReceiver();
    const { page, complaints } = await signedIn('developer', accountId);

    // Not beside SMS and WhatsApp.
    await page.getByRole('link', { name: 'Add webhook' }).first().click();
    const products = page.getByRole('radiogroup', { name: 'Product' });
    await products.waitFor();
    expect((await products.innerText()).split(/\s+/)).toEqual(['SMS', 'WhatsApp']);

    await page.getByRole('link', { name: 'Alerts', exact: true }).click();
    await page.getByText('No alerts yet').waitFor();
    await page.getByRole('link', { name: 'Add alert webhook' }).first().click();
    await page.getByLabel('Webhook (URL Endpoint)').fill(receiver.url);
    await page.getByLabel('A delivery failed for good').uncheck();
    await page.getByRole('button', { name: 'Test Webhook' }).click();
    await page.getByRole('region', { name: 'Webhook Test Response' }).getByText('200').first().waitFor();
    expect(JSON.parse((await receiver.next()).body.toString()).type).toBe('webhook.failing');
    await page.getByRole('button', { name: 'Save', exact: true }).click();

    await page.getByRole('heading', { name: 'Alert webhook' }).waitFor();
    await page
      .getByText('Only these are sent: webhook.failing, webhook.recovered and webhook.disabled.')
      .waitFor();
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('heading', { name: 'Edit alert webhook' }).waitFor();
    await page.getByLabel('A webhook is well again').uncheck();
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await page.getByText('Only these are sent: webhook.failing and webhook.disabled.').waitFor();

    await page.getByRole('link', { name: 'All alert webhooks' }).click();
    await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();
    await page.getByText(receiver.url).first().waitFor();
    expect(complaints).toEqual([]);
  });
});
