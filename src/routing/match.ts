import type { Event } from '../core/event.ts';
import type { WebhookConfig } from '../core/webhook.ts';

/** What of an event decides who gets it. */
export type RoutedEvent = Pick<Event, 'accountId' | 'product' | 'reportType' | 'productUniqueId' | 'status'>;

/**
 * Whether a webhook gets an event of its account: same product and report type, its number or every number, and for a
 * report with a status one that it wants. A disabled webhook matches too: its deliveries wait until it is enabled.
 */
export function matches(webhook: WebhookConfig, event: RoutedEvent): boolean {
  return (
    webhook.product === event.product &&
    webhook.reportType === event.reportType &&
    (webhook.productUniqueId === null || webhook.productUniqueId === event.productUniqueId) &&
    wantsStatus(webhook.settings.statuses, event.status)
  );
}

function wantsStatus(wanted: readonly string[] | null, status: string | null): boolean {
  return wanted === null || status === null || wanted.includes(status);
}
