import { infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';

/** A page of a list, as the gateway answers it. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

/** A list that is fetched page by page, the next one when somebody wants more. */
export function listQuery<Item>(
  queryKey: QueryKey,
  fetchPage: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page<Item>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam === null ? {} : { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
