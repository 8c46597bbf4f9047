import type { Event } from '../core/event.ts';
import type { Webhook, WebhookWithSecrets } from '../core/webhook.ts';
import type { RoutedEvent } from './match.ts';
import { createRouteCache, type Route } from './route-cache.ts';

/** Hears of a webhook that was added, changed, or (with `null`) deleted. */
export type RegistryListener = (webhookId: string, now: WebhookWithSecrets | null) => void;

/**
 * Every account's webhooks in memory, so that accepting and delivering read no configuration from disk. Whoever changes
 * the directory tells the registry.
 */
export interface WebhookRegistry {
  put(registered: WebhookWithSecrets): void;
  remove(webhookId: string): void;
  get(webhookId: string): WebhookWithSecrets | undefined;
  ofAccount(accountId: string): readonly WebhookWithSecrets[];
  /** Of every account, in no order. */
  all(): readonly WebhookWithSecrets[];
  /** The webhooks that get this event. */
  route(event: RoutedEvent): Route;
  onChange(listener: RegistryListener): void;
}

export function createWebhookRegistry(): WebhookRegistry {
  const byId = new Map<string, WebhookWithSecrets>();
  const byAccount = new Map<string, Map<string, WebhookWithSecrets>>();
  /** Webhooks by where their events come from, so that an account with thousands of numbers is matched at once. */
  const routes = new Map<string, Webhook[]>();
  const cache = createRouteCache();
  const listeners: RegistryListener[] = [];

  function announce(webhookId: string, now: WebhookWithSecrets | null): void {
    for (const listener of listeners) listener(webhookId, now);
  }

  function removeRoute({ webhook }: WebhookWithSecrets): void {
    cache.forget(webhook.accountId);
    const key = routeKey(webhook.accountId, webhook, webhook.productUniqueId);
    const rest = (routes.get(key) ?? []).filter((other) => other.id !== webhook.id);
    if (rest.length > 0) routes.set(key, rest);
    else routes.delete(key);
  }

  function addRoute({ webhook }: WebhookWithSecrets): void {
    cache.forget(webhook.accountId);
    const key = routeKey(webhook.accountId, webhook, webhook.productUniqueId);
    routes.set(key, [...(routes.get(key) ?? []), webhook]);
  }

  return {
    put(registered) {
      const { id, accountId } = registered.webhook;
      const before = byId.get(id);
      if (before) removeRoute(before);
      addRoute(registered);
      byId.set(id, registered);
      const own = byAccount.get(accountId) ?? new Map<string, WebhookWithSecrets>();
      own.set(id, registered);
      byAccount.set(accountId, own);
      announce(id, registered);
    },
    remove(webhookId) {
      const registered = byId.get(webhookId);
      if (!registered) return;
      byId.delete(webhookId);
      removeRoute(registered);
      byAccount.get(registered.webhook.accountId)?.delete(webhookId);
      announce(webhookId, null);
    },
    get: (webhookId) => byId.get(webhookId),
    ofAccount: (accountId) => [...(byAccount.get(accountId)?.values() ?? [])],
    all: () => [...byId.values()],
    route(event) {
      const key = routeKey(event.accountId, event, event.productUniqueId);
      const own = routes.get(key) ?? none;
      const every =
        event.productUniqueId === null ? none : (routes.get(routeKey(event.accountId, event, null)) ?? none);
      return cache.route(event, key, [own, every]);
    },
    onChange(listener) {
      listeners.push(listener);
    },
  };
}

const none: readonly Webhook[] = [];

function routeKey(
  accountId: string,
  of: Pick<Event, 'product' | 'reportType'>,
  productUniqueId: string | null,
): string {
  return `${accountId}\u0000${of.product}\u0000${of.reportType}\u0000${productUniqueId ?? ''}`;
}
