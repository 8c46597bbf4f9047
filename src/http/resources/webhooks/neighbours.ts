import { statusMeaning } from '../../../core/status.ts';
import type { Webhook, WebhookConfig } from '../../../core/webhook.ts';
import { normalNumber } from '../../../shared/normal-number.ts';

/** Other webhooks of an account that get some of the same reports. */
export interface Neighbours {
  /** At the same URL, for the same number or, as it, for every number. */
  readonly same: readonly Webhook[];
  /** For every number where it is for one, and for one where it is for every. */
  readonly beside: readonly Webhook[];
}

/** What a webhook does, whatever its owner says of it. */
export type WebhookBehaviour = Omit<WebhookConfig, 'description'>;

/** Finds the neighbours of a webhook; `self` is left out. */
export type NeighboursOf = (webhook: WebhookBehaviour, self?: string) => Neighbours;

/** So many neighbours of a kind are looked for: who has more has them named by the first few all the same. */
export const mostNeighbours = 20;

/** Sorts an account's webhooks once, for any number of questions: of 500 webhooks on a page each asks. */
export function createNeighboursOf(webhooks: readonly Webhook[]): NeighboursOf {
  const sameEndpoint = groupsBy(webhooks, endpointOf);
  const sameScope = groupsBy(webhooks, (each) => scopeOf(each, each.productUniqueId === null));
  return (webhook, self) => ({
    same: sameEndpoint(endpointOf(webhook), webhook, self),
    beside: sameScope(scopeOf(webhook, webhook.productUniqueId !== null), webhook, self),
  });
}

export const noNeighbours: NeighboursOf = () => ({ same: [], beside: [] });

function endpointOf({ product, reportType, productUniqueId, url }: WebhookBehaviour): string {
  return `${product} ${reportType} ${productUniqueId === null ? '' : normalNumber(productUniqueId)} ${URL.parse(url)?.href ?? url}`;
}

function scopeOf({ product, reportType }: WebhookBehaviour, everyNumber: boolean): string {
  return `${product} ${reportType} ${everyNumber}`;
}

/** Of the webhooks of a group those that want some status that another wants, in whatever words each has it. */
function groupsBy(webhooks: readonly Webhook[], nameOf: (webhook: Webhook) => string) {
  const groups = Map.groupBy(webhooks, nameOf);
  const sorted = new Map<string, ReadonlyMap<string | null, readonly Webhook[]>>();

  return (name: string, webhook: WebhookBehaviour, self: string | undefined): Webhook[] => {
    const all = groups.get(name);
    if (!all) return [];
    const byMeaning = sorted.get(name) ?? sortByMeaning(all);
    sorted.set(name, byMeaning);
    const wanted = meaningsOf(webhook);
    const found = new Set<Webhook>();
    for (const list of wanted === everything
      ? [all]
      : [null, ...wanted].map((each) => byMeaning.get(each) ?? []))
      for (const each of list) {
        if (each.id !== self) found.add(each);
        if (found.size === mostNeighbours) return [...found];
      }
    return [...found];
  };
}

/** Webhooks by what they want; under `null` those that want every status. */
function sortByMeaning(webhooks: readonly Webhook[]): ReadonlyMap<string | null, readonly Webhook[]> {
  const byMeaning = new Map<string | null, Webhook[]>();
  for (const webhook of webhooks)
    for (const meaning of meaningsOf(webhook)) {
      const list = byMeaning.get(meaning);
      if (list) list.push(webhook);
      else byMeaning.set(meaning, [webhook]);
    }
  return byMeaning;
}

const everything: readonly null[] = [null];

function meaningsOf({ product, settings }: WebhookBehaviour): readonly (string | null)[] {
  return settings.statuses?.map((status) => statusMeaning(product, status)) ?? everything;
}
