import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Limit } from '../../api/limits.ts';
import type { Role } from '../../session/session.ts';
import { playGateway, Refusal } from '../../testing/fake-gateway.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { LimitsPage } from './limits-page.tsx';

const webhooks: Limit = {
  name: 'webhooks',
  label: 'Webhooks',
  unit: 'webhooks',
  description: 'Webhooks that the account may have.',
  value: 200,
  used: 200,
  own: null,
  ofAll: 200,
  least: 1,
  most: 100_000,
};
const rate: Limit = {
  ...webhooks,
  name: 'eventsPerSecond',
  label: 'Events a second',
  description: 'Events that are taken.',
  value: null,
  used: null,
  ofAll: null,
};
const keys: Limit = { ...webhooks, name: 'keys', label: 'API keys', value: 5, own: 5, used: 4 };

function open(role: Role) {
  return renderPage({ path: '/a/$accountId/limits', at: '/a/acc_1/limits', page: LimitsPage, role });
}

const cellsOf = async (label: string) => {
  const row = (await screen.findByText(label)).closest('tr');
  return Array.from(row?.querySelectorAll('td') ?? [], (cell) => cell.textContent);
};

describe('the limits of an account', () => {
  it('are shown to everybody in it, with what is used and what is reached', async () => {
    playGateway({ 'GET /v1/limits': { accountId: 'acc_1', limits: [webhooks, rate, keys] } });
    await open('viewer');
    expect(await cellsOf('Webhooks')).toEqual(['Reached200', '200']);
    expect(await cellsOf('Events a second')).toEqual(['Not counted', 'No limit']);
    expect(await cellsOf('API keys')).toEqual(['4', '5this account’s own']);
    expect(screen.queryByRole('button', { name: /^Change/ })).toBeNull();
    expect(screen.getByText(/Whoever runs this gateway can raise a limit/)).toBeTruthy();
  });

  it('are changed by an operator, within what is possible', async () => {
    let own: number | null = null;
    const { calls } = playGateway({
      'GET /v1/limits': () => ({
        accountId: 'acc_1',
        limits: [{ ...webhooks, own, value: own ?? 200 }],
      }),
      'PATCH /v1/accounts/acc_1': ({ body }: { body: unknown }) => {
        own = (body as { limits: { webhooks: number | null } }).limits.webhooks;
        return {};
      },
    });
    const { user } = await open('operator');
    await user.click(await screen.findByRole('button', { name: 'Change the limit: Webhooks' }));
    const input = await screen.findByLabelText('Webhooks, for this account alone');
    await user.clear(input);
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Type a whole number from 1 to 100,000.')).toBeTruthy();
    await user.type(input, '250');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('this account’s own')).toBeTruthy();
    expect(calls.find(({ what }) => what.startsWith('PATCH'))?.body).toEqual({ limits: { webhooks: 250 } });

    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(screen.getByRole('button', { name: 'Change the limit: Webhooks' }));
    await user.click(await screen.findByRole('button', { name: 'As all accounts' }));
    await waitFor(() => expect(screen.queryByText('this account’s own')).toBeNull());
    expect(calls.findLast(({ what }) => what.startsWith('PATCH'))?.body).toEqual({
      limits: { webhooks: null },
    });
  });

  it('say what went wrong', async () => {
    playGateway({ 'GET /v1/limits': new Refusal(503, 'overloaded', 'Come back later.') });
    await open('owner');
    expect((await screen.findAllByText('Come back later.')).length).toBeGreaterThan(0);
  });
});
