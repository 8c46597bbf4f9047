import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';
import { hour, openStage } from './delivery/stage.ts';

interface Percentiles {
  readonly p50: number | null;
  readonly p99: number | null;
}

interface Figures {
  readonly attempts: number;
  readonly delivered: number;
  readonly failed: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly durationMs: Percentiles;
  readonly latencyMs: Percentiles;
}

interface Stats {
  readonly bucket: string;
  readonly data: readonly (Figures & { readonly from: string; readonly to: string })[];
  readonly total: Figures;
}

let gateway: GatewayFixture;
let receiver: Receiver;
beforeAll(async () => {
  gateway = await openGateway();
  receiver = await createReceiver();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
});

/** A webhook whose endpoint gives these answers, and so many events for it that have had their first attempt. */
async function deliver(script: number[], count: number, settings: object = {}) {
  const endpoint = await createReceiver(script);
  const accountId = await gateway.createAccount();
  const webhook = await gateway.createWebhook(accountId, { url: `${endpoint.url}/`, settings });
  const more = async (events: number): Promise<void> => {
    const event = { accountId, product: 'sms', reportType: 'dlr', status: 'delivered' };
    const ids = Array.from({ length: events }, () => crypto.randomUUID());
    await gateway.accept(ids.map((messageId) => ({ ...event, messageId })));
    await endpoint.take(events);
    await gateway.idle();
  };
  await more(count);
  const stats = async (query = '') => {
    const answer = await gateway.api<Stats>('GET', `/v1/webhooks/${webhook.id}/stats${query}`);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  return { more, stats, close: () => endpoint.close() };
}

describe("a webhook's statistics", () => {
  it('tell what has just happened', async () => {
    const { stats, close } = await deliver([500, 404, 200], 5, {
      retry: { maxAttempts: 1 },
      maxConcurrency: 1,
    });
    const { total, data } = await stats();
    expect(total).toMatchObject({ attempts: 5, delivered: 3, failed: 2, errors: { status: 2 } });
    for (const { p50, p99 } of [total.durationMs, total.latencyMs]) {
      expect(p50).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50 ?? 0);
    }
    expect(data).toHaveLength(24);
    expect(data.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(5);
    await close();
  });

  it('are the same after a restart, and count on', async () => {
    const { stats, more, close } = await deliver([200], 7);
    const before = await stats('?bucket=minute');
    await gateway.restart();
    const after = await stats('?bucket=minute');
    expect(after.total).toMatchObject({ attempts: 7, delivered: 7, durationMs: before.total.durationMs });
    await more(2);
    expect((await stats('?bucket=day')).total).toMatchObject({
      attempts: 9,
      delivered: 9,
      failed: 0,
      errors: {},
    });
    await close();
  });

  it('tell of deliveries that became too old while they waited', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([200], { settings: { retry: { giveUpAfterMs: hour } } });
    await endpoint.call('disable');
    await endpoint.post('m');
    stage.clock.advance(2 * hour);
    await endpoint.call('enable');
    const { total } = await eventually(
      async () => (await stage.gateway.api<Stats>('GET', `/v1/webhooks/${endpoint.webhookId}/stats`)).body,
      (stats) => stats.total.failed > 0,
    );
    expect(total).toMatchObject({ attempts: 0, delivered: 0, failed: 1, durationMs: { p50: null } });
  });
});
