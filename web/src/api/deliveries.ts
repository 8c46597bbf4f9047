import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { components, operations } from './schema.d.ts';

type Schemas = components['schemas'];
export type Delivery = Schemas['Delivery'];
export type DeliveryDetail = Schemas['DeliveryDetail'];
export type Attempt = Schemas['Attempt'];
export type DeliveryPage = Schemas['DeliveryPage'];
export type ErrorClass = NonNullable<Delivery['errorClass']>;
type ListQuery = NonNullable<operations['listDeliveries']['parameters']['query']>;

/** What a list of deliveries is narrowed by; named as in the API and in the URL of the page. */
export type DeliveryFilters = Omit<ListQuery, 'accountId' | 'limit' | 'cursor'>;

/** What may be sent again together: the filters, of deliveries that have ended. */
export type ReplayFilters = Omit<DeliveryFilters, 'state'> & { state: 'failed' | 'skipped' | 'delivered' };

export interface PageWanted {
  readonly accountId: string;
  readonly filters: DeliveryFilters;
  readonly cursor: string | null;
  readonly limit: number;
  readonly signal?: AbortSignal;
}

export function listDeliveries({
  accountId,
  filters,
  cursor,
  limit,
  signal,
}: PageWanted): Promise<DeliveryPage> {
  const query = { ...filters, accountId, limit, ...(cursor !== null && { cursor }) };
  return answer(api.GET('/v1/deliveries', { params: { query }, ...(signal && { signal }) }));
}

/** Calls that one page may take: the gateway looks at some thousand deliveries for each. */
const mostCalls = 5;

/**
 * A page where little may match: goes on from the end of short answers until the page is full, all were looked at, or
 * the gateway was asked often enough. An answer with fewer than `limit` and a cursor has not looked at everything.
 */
export async function findDeliveries(wanted: PageWanted): Promise<DeliveryPage> {
  const data: Delivery[] = [];
  let { cursor } = wanted;
  let first: DeliveryPage | null = null;
  for (let calls = 1; ; calls++) {
    const page = await listDeliveries({ ...wanted, cursor, limit: wanted.limit - data.length });
    first ??= page;
    data.push(...page.data);
    cursor = page.nextCursor;
    if (cursor === null || data.length >= wanted.limit || calls === mostCalls)
      return { ...first, data, nextCursor: cursor };
  }
}

/** Deliveries that a count looks for; beyond them there are "more". */
const mostCounted = 2_000;

/** How many deliveries the filters find, up to 2,000. */
export async function countDeliveries(
  accountId: string,
  filters: DeliveryFilters,
  signal: AbortSignal,
): Promise<{ count: number; more: boolean }> {
  let count = 0;
  let cursor: string | null = null;
  for (let calls = 1; ; calls++) {
    const page: DeliveryPage = await listDeliveries({ accountId, filters, cursor, limit: 500, signal });
    count += page.data.length;
    cursor = page.nextCursor;
    if (cursor === null || count >= mostCounted || calls === 12) return { count, more: cursor !== null };
  }
}

export function isUnderWay({ state }: Pick<Delivery, 'state'>): boolean {
  return state === 'pending' || state === 'retrying';
}

/** A delivery with its attempts; asked for again while it is under way. */
export function deliveryQuery(id: string) {
  return queryOptions({
    queryKey: ['delivery', id],
    queryFn: ({ signal }) => answer(api.GET('/v1/deliveries/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 5_000 : false),
  });
}

/** The request of an attempt, made again from the version of the webhook that it used. */
export function sentRequestQuery(deliveryId: string, attempt: number) {
  return queryOptions({
    queryKey: ['delivery', deliveryId, 'request', attempt],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      const path = { id: deliveryId, number: attempt };
      return answer(api.GET('/v1/deliveries/{id}/attempts/{number}/request', { params: { path }, signal }));
    },
  });
}

/** Sends one again, now. */
export function replayDelivery(id: string): Promise<Delivery> {
  return answer(api.POST('/v1/deliveries/{id}/replay', { params: { path: { id } } }));
}

/** Sends again what the filters find; resolves to the task's id. */
export async function replayDeliveries(accountId: string, filters: ReplayFilters): Promise<string> {
  const { taskId } = await answer(api.POST('/v1/deliveries/replay', { body: { ...filters, accountId } }));
  return taskId;
}
