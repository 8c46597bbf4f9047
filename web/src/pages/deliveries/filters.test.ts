import { describe, expect, it } from 'vitest';
import { deliveryOf } from '../../testing/delivery.ts';
import { canBeLive, filtersOf, liveQueryOf, matches, withFilter, withoutFilters } from './filters.ts';

const now = Date.UTC(2026, 10, 22, 12);

describe('filters in a URL', () => {
  it('are read by the names of the API', () => {
    const search = {
      webhookId: 'wh_1',
      state: 'failed',
      product: 'whatsapp',
      reportType: 'dlr',
      statusCode: '503',
      errorClass: 'timeout_body',
      messageId: 'wamid.1',
      transactionId: '000',
      mobileNumber: '+91 98123 45678',
      from: '2026-11-22T10:00:00.000Z',
      to: '2026-11-22T11:00:00.000Z',
    };
    expect(filtersOf(search)).toEqual({ ...search, statusCode: 503 });
  });

  it('are left out where they cannot be one', () => {
    const search = {
      state: 'lost',
      statusCode: '20',
      errorClass: 'Oh no',
      from: 'yesterday',
      messageId: '  ',
    };
    expect(filtersOf(search)).toEqual({});
  });

  it('leave what else stands in the URL alone', () => {
    expect(filtersOf({ delivery: 'dlv_1', task: 'task_1' })).toEqual({});
    expect(withFilter({ delivery: 'dlv_1', state: 'failed' }, { state: '', messageId: ' m1' })).toEqual({
      delivery: 'dlv_1',
      messageId: ' m1',
    });
    expect(withoutFilters({ delivery: 'dlv_1', state: 'failed', from: 'x' })).toEqual({ delivery: 'dlv_1' });
  });
});

describe('the live tail of filters', () => {
  it('is possible until the time range has ended', () => {
    expect(canBeLive({}, now)).toBe(true);
    expect(canBeLive({ from: '2026-11-22T11:00:00.000Z' }, now)).toBe(true);
    expect(canBeLive({ to: '2026-11-22T12:00:01.000Z' }, now)).toBe(true);
    expect(canBeLive({ to: '2026-11-22T12:00:00.000Z' }, now)).toBe(false);
  });

  it('asks for all that a delivery may become, so that a shown one changes in place', () => {
    const asked = liveQueryOf({ webhookId: 'wh_1', messageId: 'm1', state: 'failed', statusCode: 503 });
    expect(asked).toEqual({ webhookId: 'wh_1', messageId: 'm1' });
  });

  it('takes of the stream what passes the rest', () => {
    const failed = deliveryOf({ state: 'failed', statusCode: 503, errorClass: 'status' });
    expect(matches({ state: 'failed', statusCode: 503, errorClass: 'status' }, failed)).toBe(true);
    expect(matches({ state: 'delivered' }, failed)).toBe(false);
    expect(matches({ statusCode: 500 }, failed)).toBe(false);
    expect(matches({ errorClass: 'dns' }, failed)).toBe(false);
    expect(matches({ from: '2026-11-22T10:15:30.000Z' }, failed)).toBe(true);
    expect(matches({ from: '2026-11-22T10:15:30.001Z' }, failed)).toBe(false);
    expect(matches({ to: '2026-11-22T10:15:30.000Z' }, failed)).toBe(false);
  });
});
