import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from './call.ts';
import { answer, api } from './client.ts';
import type { DeliveryPage } from './deliveries.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type EventDetail = Schemas['EventDetail'];
export type State = Schemas['Delivery']['state'];

/** One of the ids by which events are found. */
export type EventIdName = 'messageId' | 'transactionId' | 'mobileNumber';

/** An event in a list, with how many of its deliveries are in each state. */
export type FoundEvent = Omit<EventDetail, 'deliveries' | 'attributes' | 'message'> & {
  readonly deliveries: Readonly<Record<State, number>>;
};

interface FoundEvents {
  readonly data: readonly FoundEvent[];
  readonly nextCursor: string | null;
}

/** Events by an id, newest first; also those that no webhook matched. A page may be short and still go on. */
export function findEventsQuery(accountId: string, by: EventIdName, text: string) {
  return infiniteQueryOptions({
    queryKey: ['events', accountId, by, text],
    enabled: text !== '',
    placeholderData: keepPreviousData,
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      call<FoundEvents>(
        'GET',
        `/v1/events?${new URLSearchParams({ accountId, [by]: text, ...(pageParam !== '' && { cursor: pageParam }) })}`,
      ),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

function isUnderWay({ deliveries }: EventDetail): boolean {
  return deliveries.some(
    ({ state }: DeliveryPage['data'][number]) => state === 'pending' || state === 'retrying',
  );
}

/** What came in, with its deliveries; asked for again while one is under way. */
export function eventQuery(accountId: string, id: string) {
  return queryOptions({
    queryKey: ['event', accountId, id],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/events/{id}', { params: { path: { id }, query: { accountId } }, signal })),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 5_000 : false),
  });
}

/** Whether a webhook got an event, and why. */
export interface RoutingDecision {
  readonly webhookId: string;
  readonly url: string;
  readonly matched: boolean;
  /** The delivery. */
  readonly delivered: string | null;
  readonly reason: string | null;
  /** A sentence. */
  readonly text: string;
}

export function routingQuery(accountId: string, id: string) {
  return queryOptions({
    queryKey: ['event', accountId, id, 'routing'],
    queryFn: () =>
      call<{ readonly data: readonly RoutingDecision[] }>(
        'GET',
        `/v1/events/${encodeURIComponent(id)}/routing?${new URLSearchParams({ accountId })}`,
      ),
  });
}
