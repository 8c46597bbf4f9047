import { normalNumber } from '../core/normal-number.ts';
import { statusMeaning } from '../core/status.ts';
import type { Webhook, WebhookConfig } from '../core/webhook.ts';

/** Other webhooks of an account that get some of the same reports. */
export interface Neighbours {
  /** At the same URL, for the same number or, as it, for every number. */
  readonly same: readonly Webhook[];
  /** For every number where it is for one, and for one where it is for every. */
  readonly beside: readonly Webhook[];
}

type Config = Omit<WebhookConfig, 'description'>;

/** Finds the neighbours of a webhook; `self` is left out. */
export type NeighboursOf = (webhook: Config, self?: string) => Neighbours;

/** Sorts an account's webhooks once, for any number of questions. */
export function createNeighboursOf(webhooks: readonly Webhook[]): NeighboursOf {
  const sameEndpoint = Map.groupBy(webhooks, endpointOf);
  const sameScope = Map.groupBy(webhooks, (each) => scopeOf(each, each.productUniqueId === null));
  return (webhook, self) => {
    const other = (each: Webhook) => each.id !== self && wantSameStatus(webhook, each);
    return {
      same: (sameEndpoint.get(endpointOf(webhook)) ?? []).filter(other),
      beside: (sameScope.get(scopeOf(webhook, webhook.productUniqueId !== null)) ?? []).filter(other),
    };
  };
}

export const noNeighbours: NeighboursOf = () => ({ same: [], beside: [] });

function endpointOf({ product, reportType, productUniqueId, url }: Config): string {
  return `${product} ${reportType} ${productUniqueId === null ? '' : normalNumber(productUniqueId)} ${URL.parse(url)?.href ?? url}`;
}

function scopeOf({ product, reportType }: Config, everyNumber: boolean): string {
  return `${product} ${reportType} ${everyNumber}`;
}

/** Whether some status goes to both, in whatever words each has it. */
function wantSameStatus(one: Config, other: Config): boolean {
  const [some, others] = [one.settings.statuses, other.settings.statuses];
  if (some === null || others === null) return true;
  const meanings = new Set(others.map((status) => statusMeaning(other.product, status)));
  return some.some((status) => meanings.has(statusMeaning(one.product, status)));
}
