import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorClasses } from '../../core/delivery.ts';
import { positionOf } from '../../history/stats/scale.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';
import { smsDlr } from '../testing/webhook-bodies.ts';

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
    });
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
