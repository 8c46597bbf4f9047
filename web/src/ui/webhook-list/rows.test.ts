import { describe, expect, it } from 'vitest';
import type { WebhookActivity } from '../../api/webhooks.ts';
import { webhookOf } from '../../testing/webhook.ts';
import {
  activityById,
  activityWords,
  nextOrder,
  numberWords,
  readOrder,
  sortRows,
  type WebhookRow,
} from './rows.ts';

function activityOf(changes: Partial<WebhookActivity>): WebhookActivity {
  return {
    webhookId: 'wh_1',
    delivered: 0,
    failed: 0,
    attempts: 0,
    successRate: null,
    buckets: [],
    ...changes,
  };
}

const rows: readonly WebhookRow[] = [
  { webhook: webhookOf({ id: 'wh_c', url: 'https://c.example' }), activity: activityOf({ successRate: 1 }) },
  { webhook: webhookOf({ id: 'wh_a', status: 'disabled', disabledReason: 'by_user' }), activity: undefined },
  {
    webhook: webhookOf({ id: 'wh_b', failingSince: '2026-11-22T10:00:00.000Z', product: 'whatsapp' }),
    activity: activityOf({ successRate: 0.5 }),
  },
];
const idsBy = (order: string) => sortRows(rows, readOrder(order)).map(({ webhook }) => webhook.id);

describe('the rows of the table', () => {
  it('stand as the gateway lists them unless a column is asked for', () => {
    expect(sortRows(rows, null)).toBe(rows);
    expect(readOrder(undefined)).toBeNull();
    expect(readOrder('nonsense')).toBeNull();
  });

  it('are sorted by a column, both ways', () => {
    expect(idsBy('id')).toEqual(['wh_a', 'wh_b', 'wh_c']);
    expect(idsBy('-id')).toEqual(['wh_c', 'wh_b', 'wh_a']);
    expect(idsBy('product')[2]).toBe('wh_b');
  });

  it('by status begin with what needs somebody', () => {
    expect(idsBy('status')).toEqual(['wh_b', 'wh_a', 'wh_c']);
  });

  it('have what is not known last, whichever way', () => {
    expect(idsBy('success')).toEqual(['wh_b', 'wh_c', 'wh_a']);
    expect(idsBy('-success')).toEqual(['wh_c', 'wh_b', 'wh_a']);
  });

  it('go up, down and back by clicks on a head', () => {
    expect(nextOrder(null, 'id')).toBe('id');
    expect(nextOrder(readOrder('id'), 'id')).toBe('-id');
    expect(nextOrder(readOrder('-id'), 'id')).toBeUndefined();
    expect(nextOrder(readOrder('-id'), 'product')).toBe('product');
  });
});

describe('the last 24 hours', () => {
  it('have a bar for hours without anything too', () => {
    const [, second] = ['2026-11-22T09:00:00.000Z', '2026-11-22T10:00:00.000Z'] as const;
    const byId = activityById({
      from: '2026-11-22T09:00:00.000Z',
      to: '2026-11-22T12:00:00.000Z',
      bucketMs: 3_600_000,
      data: [activityOf({ buckets: [{ at: second, delivered: 3, failed: 1 }] })],
    });
    expect(byId.get('wh_1')?.buckets.map(({ delivered, failed }) => [delivered, failed])).toEqual([
      [0, 0],
      [3, 1],
      [0, 0],
    ]);
  });

  it('are told in words', () => {
    expect(activityWords(undefined)).toBe('Nothing was delivered in the last 24 hours');
    expect(activityWords(activityOf({ delivered: 1204, failed: 3 }))).toBe(
      '1,204 delivered, 3 failed in the last 24 hours',
    );
  });
});

describe('the product unique id', () => {
  it('is the number, every number, or nothing that the product has', () => {
    expect(numberWords(webhookOf())).toBe('—');
    expect(numberWords(webhookOf({ product: 'whatsapp' }))).toBe('All numbers');
    expect(numberWords(webhookOf({ product: 'whatsapp', productUniqueId: '919999999999' }))).toBe(
      '919999999999',
    );
  });
});
