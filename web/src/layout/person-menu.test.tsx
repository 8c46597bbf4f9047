import { screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, unreachable } from '../api/problem.ts';
import { endSession } from '../api/session.ts';
import { type Session, sessionQuery } from '../session/session.ts';
import { renderPage } from '../testing/render-page.tsx';
import { PersonMenu } from './person-menu.tsx';

vi.mock('../api/session.ts', () => ({ endSession: vi.fn(), getSession: vi.fn() }));
const ended = vi.mocked(endSession);

async function openMenu(change: Partial<Session> = {}) {
  const shown = await renderPage({
    path: '/profile',
    at: '/profile',
    page: PersonMenu,
    prepare: (queryClient) =>
      queryClient.setQueryData(sessionQuery.queryKey, (before) => before && { ...before, ...change }),
  });
  await shown.user.click(screen.getByRole('button', { name: /^Menu of/ }));
  return shown;
}

describe('the menu of whoever is signed in', () => {
  beforeEach(() => void ended.mockReset().mockResolvedValue(undefined));

  it('signs out, forgets what was shown and leads to sign-in', async () => {
    const { user, queryClient } = await openMenu();
    queryClient.setQueryData(['webhooks'], ['secret']);
    await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
    expect(await screen.findByText('Elsewhere: /sign-in')).toBeTruthy();
    expect(ended).toHaveBeenCalledOnce();
    expect(queryClient.getQueryData(['webhooks'])).toBeUndefined();
  });

  it('says so when one could not be signed out', async () => {
    ended.mockRejectedValue(new ApiError(unreachable));
    const { user } = await openMenu();
    await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
    await waitFor(() => expect(screen.getByText('You are still signed in')).toBeTruthy());
    expect(screen.queryByText('Elsewhere: /sign-in')).toBeNull();
  });

  it('lets nobody out whom the platform let in', async () => {
    await openMenu({ via: 'portalLink', person: null });
    expect(await screen.findByRole('menuitem', { name: 'API reference' })).toBeTruthy();
    expect(screen.queryByRole('menuitem', { name: 'Sign out' })).toBeNull();
    expect(screen.queryByRole('menuitem', { name: 'Profile and password' })).toBeNull();
  });

  it('changes the colours', async () => {
    const { user } = await openMenu();
    await user.click(await screen.findByRole('menuitemradio', { name: 'Dark' }));
    expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('dark');
  });
});
