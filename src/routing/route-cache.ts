import { statusKey } from '../core/status.ts';
import type { Webhook } from '../core/webhook.ts';
import { matches, type RoutedEvent, wantsStatus } from './match.ts';

/** Who gets an event. Shared by all events that are routed the same way. */
export interface Route {
  readonly webhookIds: readonly string[];
  /** Those of them that want one message's reports strictly one after another. */
  readonly orderedWebhookIds: readonly string[];
}

/**
 * Remembers routes, since events of one account are nearly all routed alike: 500 events for 1,000 webhooks took 90 ms to
 * match and held 500 lists of 1,000 ids; now they share one list.
 */
export interface RouteCache {
  /** @param candidates the webhooks that may get the event, which are the same for every event with this `key` */
  route(event: RoutedEvent, key: string, candidates: readonly (readonly Webhook[])[]): Route;
  /** The account's webhooks have changed. */
  forget(accountId: string): void;
}

/** Numbers come from the caller, so they must not make the cache grow. */
const mostOfAccount = 1_000;

export function createRouteCache(): RouteCache {
  const byAccount = new Map<string, Map<string, Route>>();

  return {
    route(event, key, candidates) {
      const own = byAccount.get(event.accountId) ?? new Map<string, Route>();
      byAccount.set(event.accountId, own);
      const place = `${key}\u0000${decidingStatus(event, candidates)}`;
      const known = own.get(place);
      if (known) return known;
      if (own.size >= mostOfAccount) own.clear();
      const matching = candidates.flatMap((some) => some.filter((webhook) => matches(webhook, event)));
      const route = {
        webhookIds: matching.map(({ id }) => id),
        orderedWebhookIds: matching.filter(({ settings }) => settings.ordered).map(({ id }) => id),
      };
      own.set(place, route);
      return route;
    },
    forget(accountId) {
      byAccount.delete(accountId);
    },
  };
}

/** The event's status where some webhook chooses by it, since platforms may have statuses of their own without end. */
function decidingStatus(event: RoutedEvent, candidates: readonly (readonly Webhook[])[]): string {
  if (event.status === null) return 'none';
  let chooses = false;
  for (const some of candidates) {
    for (const { settings } of some) {
      if (settings.statuses === null) continue;
      if (wantsStatus(settings.statuses, event)) return `is ${statusKey(event.status)}`;
      chooses = true;
    }
  }
  return chooses ? 'other' : 'none';
}
