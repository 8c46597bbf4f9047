import { describe, expect, it } from 'vitest';
import { password, usePortal } from './portal-stage.ts';

const portal = usePortal();

describe('Somebody who was invited', () => {
  it('chooses a password by the link, signs out, and comes back to the page that they wanted', async () => {
    const { gateway, visitor } = portal();
    const accountId = await gateway.createAccount();
    const body = { email: 'dev@acme.example', name: 'Devi Rao', role: 'developer', accountId };
    const invited = await gateway.api<{ link: string }>('POST', '/v1/people', body);
    const { page, complaints } = await visitor();

    await page.goto(invited.body.link);
    // The token does not stay in the address.
    await page.waitForURL((url) => url.hash === '');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Needs at least 12 characters.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('No webhooks yet').waitFor();

    await page.getByRole('button', { name: 'Devi Rao' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();

    await page.goto(`/a/${accountId}/deliveries?state=failed`);
    await page.getByLabel('E-mail address').fill('dev@acme.example');
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page
      .getByText(/is wrong/)
      .first()
      .waitFor();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`**/a/${accountId}/deliveries?state=failed`);
    expect(complaints).toEqual([]);
  });
});
