import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../testing/render-page.tsx';
import { Required } from './required.tsx';

function Page() {
  return (
    <Required act="admin" title="API keys">
      <p>hw_…</p>
    </Required>
  );
}
const keys = { path: '/a/$accountId/keys', at: '/a/acc_1/keys', page: Page };

describe('a page that not everybody may see', () => {
  it.each(['owner', 'operator'] as const)('is shown to an %s', async (role) => {
    await renderPage({ ...keys, role });
    expect(screen.getByText('hw_…')).toBeTruthy();
  });

  it.each(['developer', 'viewer'] as const)('tells a %s whom to ask', async (role) => {
    await renderPage({ ...keys, role });
    expect(screen.queryByText('hw_…')).toBeNull();
    expect(screen.getByText(/owners of the account/)).toBeTruthy();
  });
});
