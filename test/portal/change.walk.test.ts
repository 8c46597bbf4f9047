import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';
import { smsReport } from './reports.ts';

const portal = usePortal();

describe('A saved webhook', () => {
  it('is changed by the same form, and keeps the header value that nobody may see', async () => {
    const { gateway, signedIn } = portal();
    const accountId = await gateway.createAccount();
    await using receiver = await createReceiver();
    const { id } = await gateway.createWebhook(accountId, {
      url: receiver.url,
      customHeaders: [{ name: 'X-Api-Key', value: 's3cret-of-the-team' }],
    });
    const { page, complaints } = await signedIn('developer', accountId);

    await page.getByRole('link', { name: new RegExp(`^Edit ${receiver.url}`) }).click();
    expect(await page.getByLabel('Custom header 1, value').inputValue()).not.toContain('s3cret');
    await page.getByLabel('Message ID Parameter').fill('my_message');
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await page.waitForURL(new RegExp(`webhooks/${id}$`));

    await gateway.accept(smsReport(accountId, 'm-1'));
    const { body, headers } = await receiver.next();
    expect(JSON.parse(body.toString())).toMatchObject({ my_message: 'm-1' });
    expect(headers['x-api-key']).toBe('s3cret-of-the-team');
    expect(complaints).toEqual([]);
  });

  it('is not left by accident while there are changes', async () => {
    const { gateway, signedIn } = portal();
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: 'http://127.0.0.1:9/' });
    const { page } = await signedIn('developer', accountId);

    await page.goto(`/a/${accountId}/webhooks/${id}/edit`);
    await page.getByLabel('Message ID Parameter').fill('changed');
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).last().click();
    expect(await page.getByLabel('Message ID Parameter').inputValue()).toBe('changed');
  });

  it('is deleted after a question, and comes back when that is undone', async () => {
    const { gateway, signedIn } = portal();
    const accountId = await gateway.createAccount();
    await using receiver = await createReceiver();
    const { id } = await gateway.createWebhook(accountId, { url: receiver.url });
    const { page, complaints } = await signedIn('developer', accountId);

    await page.getByRole('button', { name: `Delete ${receiver.url}` }).click();
    await page.getByRole('dialog').getByText(receiver.url).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No webhooks yet').waitFor();
    expect((await gateway.api('GET', `/v1/webhooks/${id}`)).status).toBe(404);

    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.getByRole('row').filter({ hasText: id }).waitFor();
    await gateway.accept(smsReport(accountId, 'm-after'));
    expect(JSON.parse((await receiver.next()).body.toString())).toMatchObject({ msg_id: 'm-after' });
    expect(complaints).toEqual([]);
  });
});
