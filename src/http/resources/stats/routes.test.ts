import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorClasses } from '../../../core/delivery.ts';
import { bucketMs } from '../../../stores/ports/stats.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { positionOf } from '../../../watching/stats/scale.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';
import { smsDlr } from '../../testing/webhook-bodies.ts';

let api: HttpFixture;
let key: string;
let id: string;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  key = await api.accountKey('acc_1', 'deliveries:read', 'webhooks:write');
  id = String((await api.call('POST', '/v1/webhooks', smsDlr, { key })).body.id);
});
afterEach(() => api.app.close());

const get = (query = '', options: object = { key }) =>
  api.call('GET', `/v1/webhooks/${id}/stats${query}`, undefined, options);

const none = { p50: null, p95: null, p99: null };

describe("a webhook's figures", () => {
  it('come bucket by bucket, the empty ones too, and in all', async () => {
    api.figures.push({
      webhookId: id,
      from: Date.UTC(2026, 10, 22, 8, 30),
      attempts: 5,
      delivered: 3,
      failed: 1,
      errors: [errorClasses.indexOf('dns'), 2],
      durations: [positionOf(20), 5],
      latencies: [positionOf(90), 3],
    });
    const figures = {
      attempts: 5,
      delivered: 3,
      failed: 1,
      errors: { dns: 2 },
      durationMs: { p50: 18, p95: 20, p99: 20 },
      latencyMs: { p50: 90, p95: 100, p99: 100 },
    };
    const empty = { attempts: 0, delivered: 0, failed: 0, errors: {}, durationMs: none, latencyMs: none };
    const answer = await get('?from=2026-11-22T07:30:00Z&to=2026-11-22T10:00:00Z');
    expect(answer.body).toEqual({
      bucket: 'hour',
      data: [
        { from: '2026-11-22T07:00:00.000Z', to: '2026-11-22T08:00:00.000Z', ...empty },
        { from: '2026-11-22T08:00:00.000Z', to: '2026-11-22T09:00:00.000Z', ...figures },
        { from: '2026-11-22T09:00:00.000Z', to: '2026-11-22T10:00:00.000Z', ...empty },
      ],
      total: { from: '2026-11-22T07:00:00.000Z', to: '2026-11-22T10:00:00.000Z', ...figures },
      learntRate: null,
    });
  });

  it.each([
    [9.784, 9.7],
    [10, 10],
    [123.9, 120],
    [0.0166, 0.016],
    [0.3, 0.3],
    [4321, 4300],
  ])('tell how much the endpoint takes, to two digits: %d as %d', async (perSecond, shown) => {
    api.learntPaces.set(id, { perSecond, at: Date.UTC(2026, 10, 22, 8, 30) });
    expect((await get()).body.learntRate).toEqual({ perSecond: shown, at: '2026-11-22T08:30:00.000Z' });
  });

  it('are of the last 24 hours by the hour unless told', async () => {
    expect((await get()).body.data).toHaveLength(24);
    expect((await get('?bucket=minute')).body.data).toHaveLength(60);
    expect((await get('?bucket=day')).body.data).toHaveLength(30);
  });

  it('are refused for a range that is wrong, and the answer says what is right', async () => {
    const messages = async (query: string) => {
      const { status, body } = await get(query);
      return [status, body.errors.map(({ path }) => path)];
    };
    expect(await messages('?bucket=week')).toEqual([422, ['query.bucket']]);
    expect(await messages('?from=yesterday')).toEqual([422, ['query.from']]);
    expect(await messages('?from=2026-11-22T09:00:00Z&to=2026-11-22T08:00:00Z')).toEqual([
      422,
      ['query.from'],
    ]);
    expect(await messages('?from=2024-01-01T00:00:00Z&bucket=hour')).toEqual([422, ['query.from']]);
  });

  it('belong to the account of the webhook', async () => {
    const other = await api.accountKey('acc_2', 'deliveries:read');
    expect((await get('', { key: other })).status).toBe(404);
    expect((await get('', {})).status).toBe(200);
    const cannot = await api.accountKey('acc_1', 'webhooks:read');
    expect((await get('', { key: cannot })).status).toBe(403);
  });
});

describe('the figures of all webhooks', () => {
  const list = (query = '', options: object = { key }) =>
    api.call('GET', `/v1/stats${query}`, undefined, options);
  const counted = (webhookId: string, from: number, delivered: number, failed: number) =>
    api.figures.push({
      ...{ webhookId, from, delivered, failed, attempts: delivered + failed },
      ...{ errors: [], durations: [], latencies: [] },
    });

  it('come by webhook, with the rate of those that ended and the buckets that have any', async () => {
    const { body: never } = await api.call('POST', '/v1/webhooks', smsDlr, { key });
    counted(id, Date.UTC(2026, 10, 22, 8, 30), 3, 0);
    counted(id, Date.UTC(2026, 10, 22, 9), 0, 1);
    counted(String(never.id), Date.UTC(2026, 10, 22, 9), 0, 0);
    const answer = await list('?from=2026-11-22T07:30:00Z&to=2026-11-22T10:00:00Z');
    expect(answer.body).toMatchObject({
      from: '2026-11-22T07:00:00.000Z',
      to: '2026-11-22T10:00:00.000Z',
      bucketMs: 3_600_000,
    });
    const data = answer.body.data as { webhookId: string }[];
    expect(data).toHaveLength(2);
    expect(data.find(({ webhookId }) => webhookId === id)).toEqual({
      ...{ webhookId: id, attempts: 4, delivered: 3, failed: 1, successRate: 0.75 },
      buckets: [
        { at: '2026-11-22T08:00:00.000Z', delivered: 3, failed: 0 },
        { at: '2026-11-22T09:00:00.000Z', delivered: 0, failed: 1 },
      ],
    });
    expect(data.find(({ webhookId }) => webhookId !== id)).toMatchObject({ successRate: null });
  });

  it('are of the last 24 hours by the hour unless told, and of a week of hours at most', async () => {
    await list();
    await list('?bucket=day');
    expect(api.charted.map(({ from, to, bucket }) => (to - from) / bucketMs[bucket])).toEqual([24, 30]);
    const week = '?from=2026-11-15T09:00:00Z&to=2026-11-22T09:00:00Z';
    expect((await list(week)).status).toBe(200);
    const more = await list(week.replace('15T09', '15T08'));
    expect([more.status, more.body.errors.map(({ path }) => path)]).toEqual([422, ['query.from']]);
    expect((await list('?bucket=minute')).status).toBe(422);
  });

  it('are those of the own account; an operator may name any', async () => {
    counted(id, Date.UTC(2026, 10, 22, 9), 1, 0);
    const other = await api.accountKey('acc_2', 'deliveries:read');
    expect((await list('', { key: other })).body.data).toEqual([]);
    expect((await list('?accountId=acc_1', { key: other })).status).toBe(404);
    expect((await list('?accountId=acc_1', {})).body.data).toHaveLength(1);
    expect((await list('', {})).body.data).toHaveLength(1);
    const cannot = await api.accountKey('acc_1', 'webhooks:read');
    expect((await list('', { key: cannot })).status).toBe(403);
  });
});
