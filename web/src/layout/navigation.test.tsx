import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Role } from '../session/session.ts';
import { renderPage } from '../testing/render-page.tsx';
import { Navigation } from './navigation.tsx';

async function linksOf(role: Role, at = '/a/acc_1/webhooks', path = '/a/$accountId/webhooks') {
  await renderPage({ path, at, page: Navigation, role });
  return screen.getAllByRole('link').map((link) => link.getAttribute('href'));
}

const everybody = ['webhooks', 'deliveries', 'events', 'alerts', 'numbers'].map((page) => `/a/acc_1/${page}`);
const owners = ['keys', 'people', 'audit', 'erasures'].map((page) => `/a/acc_1/${page}`);
const help = ['limits', 'guides'].map((page) => `/a/acc_1/${page}`);
const operators = ['/accounts', '/gateway', '/operators', '/audit', '/erasures'];

describe('the navigation', () => {
  it('shows an owner all pages of the account', async () => {
    expect(await linksOf('owner')).toEqual([...everybody, ...owners, ...help]);
  });

  it.each(['developer', 'viewer'] as const)('shows a %s no keys, people or audit log', async (role) => {
    expect(await linksOf(role)).toEqual([...everybody, ...help]);
  });

  it('shows an operator the pages of the account and of the whole gateway', async () => {
    expect(await linksOf('operator')).toEqual([...everybody, ...owners, ...help, ...operators]);
  });

  it('shows an operator who looks at no account the whole gateway alone', async () => {
    expect(await linksOf('operator', '/accounts', '/accounts')).toEqual(operators);
  });

  it('says which page one is on', async () => {
    await linksOf('viewer');
    expect(screen.getByRole('link', { current: 'page' }).textContent).toBe('Webhooks');
  });
});
