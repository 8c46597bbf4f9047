import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';
import { smsReport } from './reports.ts';

const portal = usePortal();

describe('How long things are kept', () => {
  it('is set by an operator for one account, whose people read it where they look things up', async () => {
    const { gateway, signedIn } = portal();
    const accountId = await gateway.createAccount();
    await using receiver = await createReceiver();
    await gateway.createWebhook(accountId, { url: receiver.url });
    await gateway.accept(smsReport(accountId, 'm-1'));
    await receiver.next();

    const { page: operator, complaints } = await signedIn('operator', null);
    await operator.goto(`/a/${accountId}/limits`);
    await operator.getByRole('button', { name: 'Change how long is kept: Contents' }).click();
    const days = operator.getByLabel('Contents: days, for this account alone');
    await days.fill('500');
    await operator.getByRole('button', { name: 'Save' }).click();
    await operator.getByText('Contents cannot outlive their deliveries').waitFor();
    await days.fill('7');
    await operator.getByText('What is older than 7 days goes').waitFor();
    await operator.getByRole('button', { name: 'Save' }).click();
    await operator.getByText('for 7 days').waitFor();
    await operator.goto('/accounts');
    await operator.getByText('Keeps contents for 7 days').waitFor();
    await operator.goto(`/a/${accountId}/audit`);
    await operator.getByText('Contents kept for').waitFor();
    await operator.getByText('Entries are kept for 400 days.').waitFor();

    const { page: viewer, complaints: others } = await signedIn('viewer', accountId);
    await viewer.goto(`/a/${accountId}/limits`);
    await viewer.getByText('for 7 days').waitFor();
    expect(await viewer.getByRole('button', { name: /^Change how long/ }).count()).toBe(0);
    await viewer.goto(`/a/${accountId}/deliveries`);
    await viewer.getByText('This is the only one. Deliveries are kept for 400 days.').waitFor();
    await viewer.getByText('m-1').first().click();
    await viewer.getByText(/^Contents until .*, the entry until /).waitFor();
    expect([complaints, others]).toEqual([[], []]);
  });
});
