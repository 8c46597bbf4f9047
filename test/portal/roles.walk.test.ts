import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';
import { smsReport } from './reports.ts';

const portal = usePortal();

describe('A viewer', () => {
  it('sees webhooks and deliveries, with numbers masked, and nothing to change them with', async () => {
    const { gateway, signedIn } = portal();
    const accountId = await gateway.createAccount();
    await using receiver = await createReceiver();
    const { id } = await gateway.createWebhook(accountId, { url: receiver.url });
    await gateway.accept(smsReport(accountId, 'm-1'));
    await receiver.next();
    const { page, complaints } = await signedIn('viewer', accountId);

    await page.getByRole('row').filter({ hasText: id }).waitFor();
    for (const name of ['Add webhook', 'Edit', 'Delete']) {
      expect(await page.getByRole('main').getByText(name, { exact: true }).count()).toBe(0);
    }
    await page.goto(`/a/${accountId}/webhooks/${id}`);
    await page.getByText(receiver.url).first().waitFor();
    for (const name of ['Edit', 'Disable', 'Test Webhook', 'Reveal']) {
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);
    }
    await page.goto(`/a/${accountId}/deliveries`);
    await page.getByText('m-1').first().click();
    await page.getByText('••••••••5678').first().waitFor();
    expect(await page.content()).not.toContain('919812345678');
    expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is refused by the gateway too, whatever the page offers', async () => {
    const { gateway, signedIn } = portal();
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: 'http://127.0.0.1:9/' });
    const { page } = await signedIn('viewer', accountId);

    const statuses = await page.evaluate(
      ([account, webhook]) => {
        const headers = { 'hookwire-csrf': '1', 'hookwire-account': account ?? '' };
        const call = async (method: string, path: string) => (await fetch(path, { method, headers })).status;
        return Promise.all([
          call('DELETE', `/v1/webhooks/${webhook}`),
          call('POST', `/v1/webhooks/${webhook}/disable`),
          call('GET', `/v1/webhooks/${webhook}/secret`),
          call('GET', `/v1/accounts/${account}/keys`),
          call('GET', '/v1/people'),
        ]);
      },
      [accountId, id],
    );
    expect(statuses).toEqual([403, 403, 403, 403, 403]);
  });
});

describe('Somebody of one account', () => {
  it("finds nothing at another account's addresses", async () => {
    const { gateway, signedIn } = portal();
    const own = await gateway.createAccount();
    const other = await gateway.createAccount();
    const { id } = await gateway.createWebhook(other, { url: 'http://127.0.0.1:9/secret-path' });
    const { page } = await signedIn('owner', own);

    for (const path of [`/a/${other}/webhooks`, `/a/${other}/webhooks/${id}`, `/a/${own}/webhooks/${id}`]) {
      await page.goto(path);
      await page
        .getByText(/There is no/)
        .first()
        .waitFor();
      expect(await page.content()).not.toContain('secret-path');
    }
  });
});
