import type { Event } from '../core/event.ts';
import type { ProductId } from '../core/products/product-id.ts';
import { statusKey, statusMeaning } from '../core/status.ts';
import type { RoutingRule } from '../core/webhook.ts';
import { normalNumber } from '../shared/normal-number.ts';

/** What of an event decides who gets it. */
export type RoutedEvent = Pick<Event, 'accountId' | 'product' | 'reportType' | 'productUniqueId' | 'status'>;

/** The first thing that keeps an event from a webhook. */
export type Mismatch = 'other_product' | 'other_report_type' | 'other_number' | 'status_not_wanted';

/**
 * Why a webhook does not get an event of its account, `null` if it does: same product and report type, its number or
 * every number, and for a report with a status one that it wants. A disabled webhook matches too: its deliveries wait
 * until it is enabled.
 */
export function mismatchOf(webhook: RoutingRule, event: RoutedEvent): Mismatch | null {
  if (webhook.product !== event.product) return 'other_product';
  if (webhook.reportType !== event.reportType) return 'other_report_type';
  if (webhook.productUniqueId !== null && !isSameNumber(webhook.productUniqueId, event.productUniqueId)) {
    return 'other_number';
  }
  return wantsStatus(webhook.settings.statuses, event) ? null : 'status_not_wanted';
}

export function matches(webhook: RoutingRule, event: RoutedEvent): boolean {
  return mismatchOf(webhook, event) === null;
}

/** Events that were stored before numbers had one form have them as they came. */
function isSameNumber(one: string, other: string | null): boolean {
  return one === other || (other !== null && normalNumber(one) === normalNumber(other));
}

/**
 * Whether a status is among those, in whatever spelling either has: `DELIVRD` is wanted by who wants `delivered`, and SMS's
 * `DELETED` by who wants `deleted` or `failed`.
 *
 * @param wanted the statuses of a webhook's settings; `null`: all
 */
export function wantsStatus(wanted: readonly string[] | null, { product, status }: StatusOf): boolean {
  if (wanted === null || status === null) return true;
  const keys = keysOf(wanted);
  return keys.has(statusKey(status)) || keys.has(statusMeaning(product, status));
}

/** Each event asks for every webhook that chooses by status. */
const knownKeys = new WeakMap<readonly string[], ReadonlySet<string>>();

function keysOf(wanted: readonly string[]): ReadonlySet<string> {
  const known = knownKeys.get(wanted);
  if (known) return known;
  const keys = new Set(wanted.map(statusKey));
  knownKeys.set(wanted, keys);
  return keys;
}

interface StatusOf {
  readonly product: ProductId;
  readonly status: string | null;
}
