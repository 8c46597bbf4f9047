import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { components, operations } from './schema.d.ts';

type Schemas = components['schemas'];
export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];
export type WebhookStats = Schemas['WebhookStats'];
export type StatsFigures = Schemas['StatsFigures'];
export type SigningSecrets = Schemas['SigningSecrets'];
export type TrialAnswer = Schemas['TrialAnswer'];

/** What the list is narrowed by; empty ones are left out. */
export interface WebhookFilters {
  readonly q?: string | undefined;
  readonly product?: string | undefined;
  readonly reportType?: string | undefined;
  readonly status?: string | undefined;
}

/** Webhooks that a list holds at most; who has more narrows it. */
const mostListed = 5_000;

/** Webhooks of a list; `more`: there are others. */
export interface WebhookList {
  readonly data: readonly Webhook[];
  readonly more: boolean;
}

/** All webhooks of an account that match, newest first, up to 5,000. */
export function webhooksQuery(accountId: string, filters: WebhookFilters = {}) {
  return queryOptions({
    queryKey: ['webhooks', accountId, 'list', filters],
    // What was listed stays while the filters change, but not another account's.
    placeholderData: (before: WebhookList | undefined, query) =>
      query?.queryKey[1] === accountId ? before : undefined,
    queryFn: async ({ signal }): Promise<WebhookList> => {
      const query = known(filters);
      const data: Webhook[] = [];
      let cursor: string | null = null;
      do {
        const params: { query: WebhookListQuery } = {
          query: { ...query, accountId, limit: 500, ...(cursor !== null && { cursor }) },
        };
        const page: Schemas['WebhookPage'] = await answer(api.GET('/v1/webhooks', { params, signal }));
        data.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null && data.length < mostListed);
      return { data, more: cursor !== null };
    },
  });
}

type WebhookListQuery = NonNullable<operations['listWebhooks']['parameters']['query']>;

function known(filters: WebhookFilters): Partial<WebhookListQuery> {
  return Object.fromEntries(
    Object.entries(filters).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<WebhookListQuery>;
}

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: ['webhook', id],
    // Whether it fails is news.
    refetchInterval: 15_000,
    queryFn: ({ signal }) => answer(api.GET('/v1/webhooks/{id}', { params: { path: { id } }, signal })),
  });
}

/** The signing secret; asked for only when somebody wants to see it. */
export function secretQuery(id: string) {
  return queryOptions({
    queryKey: ['webhook', id, 'secret'],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/webhooks/{id}/secret', { params: { path: { id } }, signal })),
  });
}

/** A signing secret that is to be made, for one kind of signature, or one that somebody has. */
export type NextSecret = { readonly signature: 'v1' | 'v1a' } | { readonly secret: string };

/** @param key the same for the same call once more */
export function rotateSecret(
  id: string,
  overlapHours: number,
  next: NextSecret,
  key: string,
): Promise<SigningSecrets> {
  const params = { path: { id }, header: { 'idempotency-key': key } };
  return answer(api.POST('/v1/webhooks/{id}/secret/rotate', { params, body: { overlapHours, ...next } }));
}

/** Figures for charts, from so many ms ago until now. */
export function webhookStatsQuery(id: string, lengthMs: number, bucket: WebhookStats['bucket']) {
  return queryOptions({
    queryKey: ['webhook', id, 'stats', lengthMs, bucket],
    placeholderData: (before: WebhookStats | undefined, query) =>
      query?.queryKey[1] === id ? before : undefined,
    refetchInterval: bucket === 'minute' ? 15_000 : 60_000,
    queryFn: ({ signal }): Promise<WebhookStats> => {
      const query = { from: new Date(Date.now() - lengthMs).toISOString(), bucket };
      return answer(api.GET('/v1/webhooks/{id}/stats', { params: { path: { id }, query }, signal }));
    },
  });
}

/** The newest deliveries of a webhook. */
export function latestDeliveriesQuery(webhookId: string, limit = 10) {
  return queryOptions({
    queryKey: ['webhook', webhookId, 'latest', limit],
    refetchInterval: 10_000,
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/deliveries', { params: { query: { webhookId, limit } }, signal })),
  });
}

/** Deliveries that have not ended, counted up to 500 of each state. */
export interface Waiting {
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

export function waitingQuery(webhookId: string) {
  return queryOptions({
    queryKey: ['webhook', webhookId, 'waiting'],
    queryFn: async ({ signal }): Promise<Waiting> => {
      const pages = await Promise.all(
        (['pending', 'retrying'] as const).map((state) =>
          answer(api.GET('/v1/deliveries', { params: { query: { webhookId, state, limit: 500 } }, signal })),
        ),
      );
      return {
        count: pages.reduce((sum, { data }) => sum + data.length, 0),
        more: pages.some(({ nextCursor }) => nextCursor !== null),
      };
    },
  });
}

export function enableWebhook(id: string): Promise<Webhook> {
  return answer(api.POST('/v1/webhooks/{id}/enable', { params: { path: { id } } }));
}

export function disableWebhook(id: string): Promise<Webhook> {
  return answer(api.POST('/v1/webhooks/{id}/disable', { params: { path: { id } } }));
}

export async function deleteWebhook(id: string): Promise<void> {
  await api.DELETE('/v1/webhooks/{id}', { params: { path: { id } } });
}

/** Sends a test once, now, as the webhook is saved; the event's fields replace those of the first sample. */
export function testWebhook(id: string, event: Schemas['TrialEvent'] | null): Promise<TrialAnswer> {
  const body = event === null ? {} : { event };
  return answer(api.POST('/v1/webhooks/{id}/test', { params: { path: { id } }, body }));
}

/** Undoes a delete, up to ten minutes after it; what was skipped because of it is sent by a task. */
export function restoreWebhook(id: string): Promise<Schemas['RestoredWebhook']> {
  return answer(api.POST('/v1/webhooks/{id}/restore', { params: { path: { id } } }));
}

/** What happened at all webhooks; those and the buckets in which nothing happened are left out. */
export type Activity = Schemas['AccountStats'];
export type WebhookActivity = Activity['data'][number];

/** The last 24 hours of all webhooks of an account, by the hour. */
export function activityQuery(accountId: string) {
  return queryOptions({
    queryKey: ['webhooks', accountId, 'activity'],
    refetchInterval: 60_000,
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - 86_400_000).toISOString();
      const query = { accountId, from, bucket: 'hour' } as const;
      return answer(api.GET('/v1/stats', { params: { query }, signal }));
    },
  });
}
