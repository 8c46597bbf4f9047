import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { memberTexts } from '#shared/json-members.ts';
import { answer, api } from './client.ts';
import { isUnderWay } from './deliveries.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
/** What came in, with its deliveries; what was parsed in the browser has other numbers and another order of keys. */
export interface EventDetail extends Omit<Schemas['EventDetail'], 'attributes' | 'message'> {
  /** JSON as it came. */
  readonly attributes: string | null;
  readonly message: string | null;
}

/** One of the ids by which events are found. */
export type EventIdName = 'messageId' | 'transactionId' | 'mobileNumber';

/** An event in a list, with how many of its deliveries are in each state. */
export type FoundEvent = Schemas['FoundEvent'];
/** Whether a webhook got an event, and why. */
export type RoutingDecision = Schemas['RoutingDecision'];

/** Events by an id, newest first; also those that no webhook matched. A page may be short and still go on. */
export function findEventsQuery(accountId: string, by: EventIdName, text: string) {
  return infiniteQueryOptions({
    queryKey: ['events', accountId, by, text],
    enabled: text !== '',
    placeholderData: keepPreviousData,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { accountId, [by]: text, ...(pageParam !== '' && { cursor: pageParam }) };
      return answer(api.GET('/v1/events', { params: { query }, signal }));
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** What came in, with its deliveries; asked for again while one is under way. */
export function eventQuery(accountId: string, id: string) {
  return queryOptions({
    queryKey: ['event', accountId, id],
    queryFn: async ({ signal }) => {
      const params = { path: { id }, query: { accountId } };
      return readEvent(await answer(api.GET('/v1/events/{id}', { params, signal, parseAs: 'text' })));
    },
    refetchInterval: ({ state }) => (state.data?.deliveries.some(isUnderWay) ? 5_000 : false),
  });
}

function readEvent(text: string): EventDetail {
  const event = JSON.parse(text) as Schemas['EventDetail'];
  const texts = memberTexts(text);
  const kept = (name: 'attributes' | 'message') => (event[name] === null ? null : (texts.get(name) ?? null));
  return { ...event, attributes: kept('attributes'), message: kept('message') };
}

export function routingQuery(accountId: string, id: string) {
  return queryOptions({
    queryKey: ['event', accountId, id, 'routing'],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/events/{id}/routing', { params: { path: { id }, query: { accountId } }, signal })),
  });
}
