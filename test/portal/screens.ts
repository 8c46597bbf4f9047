import type { Seeded } from './seed.ts';

export interface Screen {
  readonly name: string;
  readonly path: (seeded: Seeded) => string;
  /** Who looks; `null`: nobody is signed in. */
  readonly as: 'operator' | 'developer' | 'viewer' | null;
}

/** Every screen of the portal: the accessibility test and the screenshots go through this list. */
export const screens: readonly Screen[] = [
  { name: 'sign-in', as: null, path: () => '/sign-in' },
  { name: 'accounts', as: 'operator', path: () => '/accounts' },
  { name: 'gateway-health', as: 'operator', path: () => '/gateway' },
  { name: 'operators', as: 'operator', path: () => '/operators' },
  { name: 'whole-audit-log', as: 'operator', path: () => '/audit' },
  { name: 'whole-erasures', as: 'operator', path: () => '/erasures' },
  { name: 'profile', as: 'operator', path: () => '/profile' },
  { name: 'webhooks', as: 'operator', path: ({ accountId }) => `/a/${accountId}/webhooks` },
  { name: 'webhooks-empty', as: 'operator', path: ({ emptyAccountId }) => `/a/${emptyAccountId}/webhooks` },
  {
    name: 'webhooks-no-match',
    as: 'operator',
    path: ({ accountId }) => `/a/${accountId}/webhooks?q=nothing`,
  },
  { name: 'add-webhook', as: 'operator', path: ({ accountId }) => `/a/${accountId}/webhooks/new` },
  {
    name: 'edit-webhook',
    as: 'operator',
    path: ({ accountId, webhookId }) => `/a/${accountId}/webhooks/${webhookId}/edit`,
  },
  {
    name: 'webhook-details',
    as: 'operator',
    path: ({ accountId, webhookId }) => `/a/${accountId}/webhooks/${webhookId}`,
  },
  {
    name: 'webhook-failing',
    as: 'operator',
    path: ({ accountId, failingWebhookId }) => `/a/${accountId}/webhooks/${failingWebhookId}`,
  },
  {
    name: 'webhook-details-viewer',
    as: 'viewer',
    path: ({ accountId, webhookId }) => `/a/${accountId}/webhooks/${webhookId}`,
  },
  { name: 'alerts', as: 'operator', path: ({ accountId }) => `/a/${accountId}/alerts` },
  { name: 'add-alert-webhook', as: 'developer', path: ({ accountId }) => `/a/${accountId}/alerts/new` },
  { name: 'deliveries', as: 'developer', path: ({ accountId }) => `/a/${accountId}/deliveries` },
  {
    name: 'delivery',
    as: 'developer',
    path: ({ accountId, deliveryId }) => `/a/${accountId}/deliveries?delivery=${deliveryId}`,
  },
  {
    name: 'deliveries-empty',
    as: 'operator',
    path: ({ emptyAccountId }) => `/a/${emptyAccountId}/deliveries`,
  },
  {
    name: 'deliveries-no-match',
    as: 'developer',
    path: ({ accountId }) => `/a/${accountId}/deliveries?messageId=nothing`,
  },
  { name: 'deliveries-viewer', as: 'viewer', path: ({ accountId }) => `/a/${accountId}/deliveries` },
  { name: 'find-events', as: 'developer', path: ({ accountId }) => `/a/${accountId}/events` },
  { name: 'event', as: 'developer', path: ({ accountId, eventId }) => `/a/${accountId}/events/${eventId}` },
  {
    name: 'event-unmatched',
    as: 'operator',
    path: ({ emptyAccountId, unmatchedEventId }) => `/a/${emptyAccountId}/events/${unmatchedEventId}`,
  },
  { name: 'numbers', as: 'operator', path: ({ accountId }) => `/a/${accountId}/numbers` },
  { name: 'keys', as: 'operator', path: ({ accountId }) => `/a/${accountId}/keys` },
  { name: 'people', as: 'operator', path: ({ accountId }) => `/a/${accountId}/people` },
  { name: 'audit-log', as: 'operator', path: ({ accountId }) => `/a/${accountId}/audit` },
  { name: 'erasures', as: 'operator', path: ({ accountId }) => `/a/${accountId}/erasures` },
  { name: 'erasures-empty', as: 'operator', path: ({ emptyAccountId }) => `/a/${emptyAccountId}/erasures` },
  { name: 'limits', as: 'operator', path: ({ accountId }) => `/a/${accountId}/limits` },
  { name: 'limits-viewer', as: 'viewer', path: ({ accountId }) => `/a/${accountId}/limits` },
  { name: 'guides', as: 'developer', path: ({ accountId }) => `/a/${accountId}/guides` },
];
