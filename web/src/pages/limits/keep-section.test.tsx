import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Retention } from '../../api/retention.ts';
import type { Role } from '../../session/session.ts';
import { playGateway } from '../../testing/fake-gateway.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { wrongDays } from './keep-rows.ts';
import { LimitsPage } from './limits-page.tsx';

const since = '2026-10-23T10:00:00.000Z';
const retention: Retention = {
  accountId: 'acc_1',
  payload: { days: 30, own: null, ofAll: 30, since },
  log: { days: 90, own: 90, ofAll: 400, since },
  audit: { days: 0, own: null, ofAll: 0, since: null },
};

function open(role: Role) {
  return renderPage({ path: '/a/$accountId/limits', at: '/a/acc_1/limits', page: LimitsPage, role });
}

const keptOf = async (label: string) => {
  const section = await screen.findByRole('region', { name: 'How long things are kept' });
  const row = within(section).getByText(label).closest('tr');
  return row?.querySelector('td')?.textContent;
};

describe('how long things are kept', () => {
  it('is shown to everybody in the account, and changed by none of them', async () => {
    playGateway({ 'GET /v1/limits': { accountId: 'acc_1', limits: [] }, 'GET /v1/retention': retention });
    await open('viewer');
    expect(await keptOf('Contents')).toBe('for 30 days');
    expect(await keptOf('Deliveries and events')).toBe('for 90 daysthis account’s own');
    expect(await keptOf('Audit log')).toBe('for ever');
    expect(screen.getByText(/Whoever runs this gateway sets it/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Change/ })).toBeNull();
  });

  it('is set by an operator, and given back to what all have', async () => {
    let own: number | null = null;
    const { calls } = playGateway({
      'GET /v1/limits': { accountId: 'acc_1', limits: [] },
      'GET /v1/retention': () => ({ ...retention, payload: { ...retention.payload, own, days: own ?? 30 } }),
      'PATCH /v1/accounts/acc_1': ({ body }: { body: unknown }) => {
        own = (body as { keep: { payloadDays: number | null } }).keep.payloadDays;
        return {};
      },
    });
    const { user } = await open('operator');
    await user.click(await screen.findByRole('button', { name: 'Change how long is kept: Contents' }));
    const input = await screen.findByLabelText('Contents: days, for this account alone');
    await user.clear(input);
    await user.type(input, '91');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(
      await screen.findByText(/cannot outlive their deliveries, which are kept for 90 days/),
    ).toBeTruthy();
    await user.clear(input);
    await user.type(input, '7');
    expect(screen.getByText('What is older than 7 days goes, and does not come back.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(async () => expect(await keptOf('Contents')).toBe('for 7 daysthis account’s own'));
    const asked = () => calls.filter(({ what }) => what.startsWith('PATCH')).map(({ body }) => body);
    expect(asked()).toEqual([{ keep: { payloadDays: 7 } }]);

    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(screen.getByRole('button', { name: 'Change how long is kept: Contents' }));
    await user.click(await screen.findByRole('button', { name: 'As all accounts' }));
    await waitFor(async () => expect(await keptOf('Contents')).toBe('for 30 days'));
    expect(asked().at(-1)).toEqual({ keep: { payloadDays: null } });
  });
});

describe('a time', () => {
  it.each([
    ['', 'payloadDays', /Type a whole number/],
    [-1, 'payloadDays', /Type a whole number/],
    [1.5, 'logDays', /Type a whole number/],
    [36_501, 'logDays', /Type a whole number/],
    [0, 'payloadDays', /Contents cannot outlive/],
    [29, 'logDays', /cannot be gone before their contents, which are kept for 30 days/],
  ] as const)('cannot be %j as %s', (value, name, why) => {
    expect(wrongDays(value, name, retention)).toMatch(why);
  });

  it('can be for ever, and as long as the other', () => {
    expect(wrongDays(0, 'logDays', retention)).toBeNull();
    expect(wrongDays(30, 'logDays', retention)).toBeNull();
    expect(wrongDays(90, 'payloadDays', retention)).toBeNull();
  });
});
