import type { Event } from '../core/event.ts';
import type { RoutingRule } from '../core/webhook.ts';

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
  if (webhook.productUniqueId !== null && webhook.productUniqueId !== event.productUniqueId) {
    return 'other_number';
  }
  return wantsStatus(webhook.settings.statuses, event.status) ? null : 'status_not_wanted';
}

export function matches(webhook: RoutingRule, event: RoutedEvent): boolean {
  return mismatchOf(webhook, event) === null;
}

/** @param wanted the statuses of a webhook's settings; `null`: all */
export function wantsStatus(wanted: readonly string[] | null, status: string | null): boolean {
  return wanted === null || status === null || wanted.includes(status);
}
