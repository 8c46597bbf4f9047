import { Button, Group } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/pages.ts';
import { Loading } from './loading.tsx';
import { ProblemNotice } from './problem-notice.tsx';

export interface ListingProps<Item> {
  readonly query: UseInfiniteQueryResult<{ readonly pages: readonly Page<Item>[] }>;
  /** In place of a list that has nothing. */
  readonly empty: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

/** A list that grows page by page: on its way, empty, failed or shown. */
export function Listing<Item>({ query, empty, children }: ListingProps<Item>) {
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data.pages.flatMap(({ data }) => data);
  return (
    <>
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {items.length === 0 ? empty : children(items)}
      {query.hasNextPage && (
        <Group justify="center" mt="md">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      )}
    </>
  );
}
