import { useInfiniteQuery } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { listQuery, type Page } from '../api/pages.ts';
import { renderPiece } from '../testing/render.tsx';
import { Listing } from './listing.tsx';

function Names({ fetchPage }: { fetchPage: (cursor: { cursor?: string }) => Promise<Page<string>> }) {
  const query = useInfiniteQuery(listQuery(['names'], fetchPage));
  return (
    <Listing query={query} empty={<p>Nobody</p>}>
      {(names) => <p>{names.join(', ')}</p>}
    </Listing>
  );
}

describe('a list', () => {
  it('is on its way, then shown', async () => {
    renderPiece(<Names fetchPage={async () => ({ data: ['Ann', 'Bo'], nextCursor: null })} />);
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
    expect(await screen.findByText('Ann, Bo')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('grows page by page', async () => {
    const pages: Record<string, Page<string>> = {
      first: { data: ['Ann'], nextCursor: 'c2' },
      c2: { data: ['Bo'], nextCursor: null },
    };
    const { user } = renderPiece(
      <Names fetchPage={async ({ cursor = 'first' }) => pages[cursor] ?? { data: [], nextCursor: null }} />,
    );
    await user.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('Ann, Bo')).toBeTruthy();
  });

  it('says so when it is empty', async () => {
    renderPiece(<Names fetchPage={async () => ({ data: [], nextCursor: null })} />);
    expect(await screen.findByText('Nobody')).toBeTruthy();
  });

  it('is fetched again after a failure, when asked', async () => {
    const fetchPage = vi
      .fn<() => Promise<Page<string>>>()
      .mockRejectedValueOnce(new Error('It broke.'))
      .mockResolvedValue({ data: ['Ann'], nextCursor: null });
    const { user } = renderPiece(<Names fetchPage={fetchPage} />);
    expect((await screen.findByRole('alert')).textContent).toContain('It broke.');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Ann')).toBeTruthy();
  });
});
