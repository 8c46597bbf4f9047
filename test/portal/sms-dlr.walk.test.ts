import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { second } from '../delivery/stage.ts';
import { password, usePortal } from './portal-stage.ts';
import { smsReport } from './reports.ts';

const portal = usePortal();

describe('The portal, from the first start on', () => {
  it('leads an operator from the set-up link to a delivery that failed and was replayed', async () => {
    const { gateway, clock, visitor, next } = portal();
    await using receiver = await createReceiver({ script: [200, 200, 500, 500, 200], clock });
    const { page, complaints } = await visitor();

    // First set-up.
    await page.goto(gateway.gateway.setupLink ?? '');
    await page.getByLabel('Your name').fill('Olga Operator');
    await page.getByLabel('E-mail address').fill('olga@platform.example');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Create the operator' }).click();

    // An account, and a number in it.
    await page.waitForURL('**/accounts');
    await page.getByRole('button', { name: 'Create an account' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('Acme');
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await page.getByRole('link', { name: 'Add a Waba Number' }).click();
    await page.getByRole('button', { name: 'Add a number' }).first().click();
    await page.getByRole('dialog').getByLabel('Waba Number').fill('919999999999');
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    await page.getByRole('cell', { name: '919999999999' }).waitFor();

    // A webhook with parameters and headers of its own, tried before it is saved.
    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    await page.getByText('No webhooks yet').waitFor();
    await page.getByRole('link', { name: 'Add webhook' }).first().click();
    await page.getByLabel('Webhook (URL Endpoint)').fill(receiver.url);
    await page.getByRole('button', { name: 'Use example names' }).click();
    await page.getByLabel('Add Custom Parameters').check();
    await page.getByLabel('Custom parameter 1, name').fill('tenant');
    await page.getByLabel('Custom parameter 1, value').fill('42');
    await page.getByLabel('Add Custom Headers').check();
    await page.getByLabel('Custom header 1, name').fill('X-Api-Key');
    await page.getByLabel('Custom header 1, value').fill('s3cret');
    await page.getByRole('button', { name: 'Test Webhook' }).click();
    await page.getByRole('region', { name: 'Webhook Test Response' }).getByText('200').first().waitFor();
    const tested = await receiver.next();
    expect(tested.headers['x-api-key']).toBe('s3cret');
    await page.getByRole('button', { name: 'Save', exact: true }).click();

    // It stands in the table.
    await page.waitForURL(/webhooks\/wh_/);
    const webhookId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const accountId = new URL(page.url()).pathname.split('/')[2] ?? '';
    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: webhookId });
    expect(await row.innerText()).toContain(receiver.url);

    // A real event arrives, and its delivery appears while one looks.
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await page.getByText('No deliveries yet').waitFor();
    await page.getByText('New ones appear here').waitFor();
    await gateway.accept(smsReport(accountId, 'm-1'));
    const first = await next(receiver);
    expect(new URLSearchParams(first.body.toString()).get('tenant')).toBe('42');
    await page.getByText('m-1').first().waitFor();

    // The endpoint fails: the retry is shown, and a replay.
    await gateway.accept(smsReport(accountId, 'm-2'));
    await next(receiver);
    await page.getByText('m-2').first().click();
    const detail = page.getByRole('region', { name: 'Delivery', exact: true });
    await detail.getByText('500').first().waitFor();
    await detail.getByText('retrying').first().waitFor();
    clock.advance(5 * second);
    await next(receiver);
    await detail.getByText('Attempt 2').first().waitFor();
    await page.keyboard.press('r');
    await next(receiver);
    await detail.getByText('delivered').first().waitFor();
    expect(complaints).toEqual([]);
  });
});
