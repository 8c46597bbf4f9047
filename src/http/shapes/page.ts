import type { Page, PageRequest } from '../../stores/ports/page.ts';

/** What a store is asked for: the query's `limit` (50 unless told) and `cursor`. */
export function pageRequest(query: { limit?: number; cursor?: string }): PageRequest {
  return { limit: query.limit ?? 50, cursor: query.cursor ?? null };
}

/** A store's page as the API shows it. */
export function pageAnswer<T, V>(
  page: Page<T>,
  view: (item: T) => V,
): { data: V[]; nextCursor: string | null } {
  return { data: page.data.map(view), nextCursor: page.nextCursor };
}
