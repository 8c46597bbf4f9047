import type { Catalog } from '../../api/catalog.ts';
import { fieldHeading } from '../../ui/field-words.ts';
import { choiceOf, type Draft } from './draft.ts';

const fixed: Readonly<Record<string, string>> = {
  product: 'Product',
  method: 'Webhook Server Send Method',
  reportType: 'Webhook Report Type',
  url: 'Webhook (URL Endpoint)',
  description: 'Description',
  'settings.timeZone': 'Time zone',
  'settings.timeoutMs': 'Timeout',
  'settings.maxConcurrency': 'Requests at a time',
  'settings.ratePerSecond': 'Requests a second',
  'settings.retry.maxAttempts': 'Attempts',
  'settings.retry.giveUpAfterMs': 'Give up after',
  'settings.success.codes': 'Status codes',
  'settings.success.bodyContains': 'Text in the answer',
  'settings.batch.maxItems': 'Reports in one request',
  'settings.batch.maxWaitMs': 'Longest wait',
  'settings.batch.maxBytes': 'Largest request',
  'settings.statuses': 'Statuses',
};

/** What the form calls the place that a path of the API names. */
export function labelOf(path: string, draft: Draft, catalog: Catalog): string {
  const { product, reportType } = choiceOf(draft, catalog);
  if (path === 'productUniqueId') return product.numberLabel ?? path;
  const field = reportType.fields.find(({ name }) => path === `parameterNames.${name}`);
  if (field) return field.label;
  const row = /^custom(Parameters|Headers)\[(\d+)\]\.(name|value)$/.exec(path);
  if (row) return `Custom ${row[1] === 'Headers' ? 'header' : 'parameter'} ${Number(row[2]) + 1}, ${row[3]}`;
  return fixed[path.replace(/\[\d+\]$/, '')] ?? fieldHeading(path);
}
