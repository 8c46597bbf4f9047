import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { keysQuery } from '../../api/keys.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { KeysPage } from './keys-page.tsx';

const shownTo = (grantsAccess: boolean) =>
  renderPage({
    path: '/signed-in/a/$accountId/keys',
    at: '/signed-in/a/acc_1/keys',
    page: KeysPage,
    grantsAccess,
    prepare: (queryClient) =>
      queryClient.setQueryData(keysQuery('acc_1').queryKey, {
        pages: [{ data: [], nextCursor: null }],
        pageParams: [null],
      }),
  });

describe('the page of the API keys', () => {
  it('offers to make one', async () => {
    await shownTo(true);
    expect(screen.getAllByRole('button', { name: 'Make a key' })).not.toHaveLength(0);
  });

  it('offers none to a guest whose link gives nobody access, and says why', async () => {
    await shownTo(false);
    expect(screen.queryByRole('button', { name: 'Make a key' })).toBeNull();
    expect(screen.getByText(/outlasts the link/)).toBeTruthy();
  });
});
