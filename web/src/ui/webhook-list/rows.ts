import type { Activity, Webhook, WebhookActivity } from '../../api/webhooks.ts';
import { conditionOf, productNames, reportTypeNames } from '../webhook-words.ts';

/** A webhook as the table shows it. */
export interface WebhookRow {
  readonly webhook: Webhook;
  /** `undefined` while it is on its way, or where it could not be had. */
  readonly activity: WebhookActivity | undefined;
}

/** The activity of each webhook by its id, with the buckets in which nothing happened. */
export function activityById(activity: Activity | undefined): ReadonlyMap<string, WebhookActivity> {
  if (activity === undefined) return new Map();
  const starts: number[] = [];
  const to = Date.parse(activity.to);
  for (let at = Date.parse(activity.from); at < to; at += activity.bucketMs) starts.push(at);
  return new Map(
    activity.data.map((one) => {
      const known = new Map(one.buckets.map((bucket) => [Date.parse(bucket.at), bucket]));
      const buckets = starts.map(
        (start) => known.get(start) ?? { at: new Date(start).toISOString(), delivered: 0, failed: 0 },
      );
      return [one.webhookId, { ...one, buckets }];
    }),
  );
}

/** Webhooks as the table shows them; each may lack what is not there yet. */
export function rowsOf(
  webhooks: readonly Webhook[] | undefined,
  activity: Activity | undefined,
): readonly WebhookRow[] {
  const byId = activityById(activity);
  return (webhooks ?? []).map((webhook) => ({ webhook, activity: byId.get(webhook.id) }));
}

export const columns = [
  'id',
  'product',
  'webhook',
  'reportType',
  'method',
  'productUniqueId',
  'status',
  'success',
] as const;
export type Column = (typeof columns)[number];

/** By which column, and which way; in the URL as `product` or `-product`. */
export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

export function readOrder(word: string | undefined): Order | null {
  if (word === undefined) return null;
  const descending = word.startsWith('-');
  const name = descending ? word.slice(1) : word;
  const column = columns.find((each) => each === name);
  return column === undefined ? null : { column, descending };
}

/** What a click on a column's head leads to: up, then down, then as it was. */
export function nextOrder(order: Order | null, column: Column): string | undefined {
  if (order?.column !== column) return column;
  return order.descending ? undefined : `-${column}`;
}

/** Without an order the newest come first, as the gateway lists them. */
export function sortRows(rows: readonly WebhookRow[], order: Order | null): readonly WebhookRow[] {
  if (order === null) return rows;
  const way = order.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: sortKey(row, order.column) }))
    .sort((a, b) => {
      // What is not known stands last, whichever way.
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      return way * compare(a.key, b.key);
    })
    .map(({ row }) => row);
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** In order of how much somebody should look at it. */
const conditions = { bad: 0, off: 1, good: 2 } as const;

function sortKey({ webhook, activity }: WebhookRow, column: Column): string | number | null {
  switch (column) {
    case 'id':
      return webhook.id;
    case 'product':
      return productNames[webhook.product];
    case 'webhook':
      return webhook.url;
    case 'reportType':
      return reportTypeNames[webhook.reportType];
    case 'method':
      return webhook.method;
    case 'productUniqueId':
      return webhook.productUniqueId;
    case 'status':
      return conditions[conditionOf(webhook).tone];
    case 'success':
      return activity?.successRate ?? null;
  }
}

/** "1,204 delivered, 3 failed in the last 24 hours" */
export function activityWords(activity: WebhookActivity | undefined): string {
  if (activity === undefined || activity.delivered + activity.failed === 0) {
    return 'Nothing was delivered in the last 24 hours';
  }
  const count = new Intl.NumberFormat('en');
  return `${count.format(activity.delivered)} delivered, ${count.format(activity.failed)} failed in the last 24 hours`;
}

/** What the Product Unique ID is where it is none: every number, or nothing that the product has. */
export function numberWords({ product, productUniqueId }: Webhook): string {
  if (productUniqueId !== null) return productUniqueId;
  return product === 'whatsapp' ? 'All numbers' : '—';
}
