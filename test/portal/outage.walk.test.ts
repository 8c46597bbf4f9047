import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { second } from '../delivery/stage.ts';
import { usePortal } from './portal-stage.ts';
import { smsReport } from './reports.ts';

const portal = usePortal();

describe('A webhook whose endpoint was gone', () => {
  it('is tested, enabled, and gets what it missed', async () => {
    const { gateway, clock, signedIn } = portal();
    const accountId = await gateway.createAccount();
    await using receiver = await createReceiver({ script: [400, 410, 200] });
    const { id } = await gateway.createWebhook(accountId, {
      url: receiver.url,
      settings: { retry: { maxAttempts: 1 } },
    });
    await gateway.accept(smsReport(accountId, 'm-given-up'));
    await receiver.next();
    await gateway.accept(smsReport(accountId, 'm-gone'));
    await receiver.next();
    await gateway.idle();
    await gateway.accept(smsReport(accountId, 'm-waits'));

    const { page, complaints } = await signedIn('developer', accountId);
    await page.goto(`/a/${accountId}/webhooks/${id}`);
    await page.getByText('the endpoint said that it is gone').waitFor();
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Test Webhook' }).first().click();
    await receiver.next();
    await main.getByText('200').first().waitFor();
    await main.getByRole('button', { name: 'Enable', exact: true }).last().click();
    expect(JSON.parse((await receiver.next()).body.toString())).toMatchObject({ msg_id: 'm-waits' });

    // What is accepted in the moment in which a task is made does not belong to it.
    clock.advance(second);
    await page.getByRole('button', { name: 'Send again', exact: true }).first().click();
    expect(JSON.parse((await receiver.next()).body.toString())).toMatchObject({ msg_id: 'm-given-up' });
    await page.getByText('1 of 1').first().waitFor();
    expect(complaints).toEqual([]);
  });
});
