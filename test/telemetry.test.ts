import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../src/telemetry/log.ts';
import { eventually } from '../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

let collector: Receiver;
let endpoint: Receiver;
let gateway: GatewayFixture;
const lines: string[] = [];
beforeEach(async () => {
  lines.length = 0;
  collector = await createReceiver();
  endpoint = await createReceiver();
  gateway = await openGateway({
    env: { HOOKWIRE_OTLP_ENDPOINT: collector.url },
    log: createLog('debug', { write: (line) => void lines.push(line) }),
  });
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await endpoint.close();
  await collector.close();
});

async function deliverOne(settings: object = {}): Promise<string> {
  const accountId = await gateway.createAccount();
  await gateway.createWebhook(accountId, { url: `${endpoint.url}/`, settings });
  const event = {
    accountId,
    product: 'sms',
    reportType: 'dlr',
    messageId: 'm1',
    mobileNumber: '919812345678',
  };
  const { events } = await gateway.accept({ ...event, status: 'delivered' });
  await endpoint.next();
  await gateway.idle();
  return String(events[0]?.id);
}

function spansSent(): SentSpan[] {
  return collector.requests.flatMap(({ body }) => {
    const { resourceSpans } = JSON.parse(body.toString()) as {
      resourceSpans: [{ scopeSpans: [{ spans: SentSpan[] }] }];
    };
    return resourceSpans[0].scopeSpans[0].spans;
  });
}

describe('what an operator sees', () => {
  it('is one trace of an event, which goes on after a restart', async () => {
    const eventId = await deliverOne();
    const { id } = await gateway.deliveryOf(eventId);
    await gateway.restart();
    await gateway.api('POST', `/v1/deliveries/${id}/replay`);
    await endpoint.next();
    const spans = await eventually(spansSent, (sent) => sent.length === 3);
    expect(spans.map(({ name }) => name)).toEqual(['accept', 'deliver', 'deliver']);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual([
      undefined,
      spans[0]?.spanId,
      spans[0]?.spanId,
    ]);
  });

  it('is metrics of what happened and of what the store holds', async () => {
    await deliverOne();
    const { body } = await gateway.api<string>('GET', '/metrics', undefined, null);
    expect(body).toContain('hookwire_events_total{result="accepted"} 1\n');
    expect(body).toContain(
      'hookwire_attempts_total{product="sms",report_type="dlr",outcome="delivered"} 1\n',
    );
    expect(body).toContain('hookwire_deliveries_finished_total{state="delivered"} 1\n');
    expect(body).toContain('hookwire_accept_duration_seconds_count 1\n');
    expect(body).toContain('hookwire_deliveries_waiting 0\n');
    expect(body).toMatch(/^hookwire_store_bytes\{part="database"\} [1-9]/m);
    expect(body).not.toMatch(/wh_|acc_|919812345678/);
  });

  it('is how many deliveries a deleted webhook leaves unsent, in the metrics and in one line', async () => {
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: endpoint.url });
    await gateway.api('POST', `/v1/webhooks/${id}/disable`);
    const event = { accountId, product: 'sms', reportType: 'dlr', status: 'delivered' };
    await gateway.accept(['m1', 'm2', 'm3'].map((messageId) => ({ ...event, messageId })));
    await gateway.api('DELETE', `/v1/webhooks/${id}`);
    const told = await eventually(
      () => lines.filter((line) => line.includes('webhook_deleted')),
      (some) => some.length > 0,
    );
    expect(told.map((line) => JSON.parse(line))).toMatchObject([{ webhookId: id, deliveries: 3 }]);
    const { body } = await gateway.api<string>('GET', '/metrics', undefined, null);
    expect(body).toContain('hookwire_deliveries_finished_total{state="skipped"} 3\n');
  });

  it('is one line for a delivery that failed, without the number of the person', async () => {
    endpoint.play([500]);
    await deliverOne({ retry: { maxAttempts: 1 } });
    const failed = lines.filter((line) => line.includes('Delivery failed.'));
    expect(failed.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 'info',
        messageId: 'm1',
        mobileNumber: '9198XXXXXX78',
        reason: 'attempts_exhausted',
        statusCode: 500,
      },
    ]);
    expect(lines.join('')).not.toContain('919812345678');
  });
});
