import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hasBearer, keepBearer } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import { enterBy, getSession, type Session } from '../../api/session.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { EnterPage } from './enter-page.tsx';

vi.mock('../../api/session.ts', () => ({ enterBy: vi.fn(), getSession: vi.fn() }));
const exchange = vi.mocked(enterBy);

const visitor: Session = {
  signedIn: true,
  setupNeeded: false,
  minPasswordLength: 12,
  oidc: null,
  via: 'portalLink',
  person: null,
  memberships: [{ role: 'developer', accountId: 'acme', accountName: 'Acme' }],
  grantsAccess: false,
};

async function enter(hash: string) {
  window.history.replaceState(null, '', `/enter${hash}`);
  return await renderPage({ path: '/enter', at: '/enter', page: EnterPage });
}

describe('entering by a portal link', () => {
  beforeEach(() => {
    keepBearer(null);
    exchange.mockReset().mockResolvedValue({ token: 'hwp_1', expiresAt: '2026-11-22T11:00:00.000Z' });
    vi.mocked(getSession).mockReset().mockResolvedValue(visitor);
  });

  it('exchanges the token once, keeps the bearer and opens the page that the link names', async () => {
    await enter(`#token=hwl_1&path=${encodeURIComponent('/a/acme/deliveries?state=failed')}`);
    expect(await screen.findByText('Elsewhere: /a/acme/deliveries')).toBeTruthy();
    expect(exchange).toHaveBeenCalledExactlyOnceWith('hwl_1');
    expect(hasBearer()).toBe(true);
    expect(window.location.hash).toBe('');
  });

  it.each(['//evil.example/x', 'https://evil.example', '/\\evil.example'])(
    'opens the webhooks where the link names a page elsewhere: %s',
    async (path) => {
      await enter(`#token=hwl_1&path=${encodeURIComponent(path)}`);
      expect(await screen.findByText('Elsewhere: /a/acme/webhooks')).toBeTruthy();
    },
  );

  it('says how to come back where the link was used before, and keeps no bearer', async () => {
    exchange.mockRejectedValue(
      new ApiError({ status: 410, code: 'link_expired', title: 'Gone', detail: 'It was used.' }),
    );
    await enter('#token=hwl_1');
    expect(await screen.findByRole('heading', { name: 'Open this page again' })).toBeTruthy();
    expect(hasBearer()).toBe(false);
  });

  it('says the same to who comes without a link', async () => {
    await enter('');
    expect(screen.getByRole('heading', { name: 'Open this page again' })).toBeTruthy();
    expect(exchange).not.toHaveBeenCalled();
  });
});
