import { buildConnector } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptRecord, failedAttempt, queuedDelivery } from '../../testing/attempts.ts';
import { eventually } from '../../testing/eventually.ts';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { createReceiver, type Receiver } from '../../testing/receiver/receiver.ts';
import { traceOf } from './span.ts';
import { openTraces, type TraceExport } from './traces.ts';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly status?: object;
}

let collector: Receiver;
let clock: ManualClock;
let traces: TraceExport;
const messages: string[] = [];

function open(ratio = 1, connect?: buildConnector.connector): TraceExport {
  const config = {
    traces: { endpoint: `${collector.url}/otlp/`, ratio },
    secrets: {
      operatorKey: null,
      masterKey: null,
      previousMasterKeys: [],
      oidcClientSecret: null,
      egressProxyUser: null,
      traceHeaders: { 'x-api-key': 'k' },
    },
  };
  const write = (_: object, message: string) => void messages.push(message);
  const opened = openTraces(config, {
    clock,
    log: { warn: write, info: write },
    ...(connect && { connect }),
  });
  if (!opened) throw new Error('Traces are configured.');
  return opened;
}

beforeEach(async () => {
  collector = await createReceiver();
  clock = createManualClock(Date.UTC(2026, 10, 22, 10));
  messages.length = 0;
  traces = open();
});
afterEach(async () => {
  await traces.close();
  await collector.close();
});

/** The spans of the next request to the collector. */
async function sent(): Promise<readonly SentSpan[]> {
  const { body } = await collector.next();
  const { resourceSpans } = JSON.parse(body.toString()) as {
    resourceSpans: [{ scopeSpans: [{ spans: SentSpan[] }] }];
  };
  return resourceSpans[0].scopeSpans[0].spans;
}

const attributes = (span: SentSpan | undefined) =>
  Object.fromEntries(span?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]) ?? []);

const delivery = queuedDelivery(
  { acceptedAt: 1_000 },
  { id: 'my-1', accountId: 'acc_1', mobileNumber: '919812345678' },
);
const accepted = { id: 'my-1', result: 'accepted', deliveries: 1 } as const;

describe('traces', () => {
  it('go to the collector once a second, as OTLP, with the operator’s headers', async () => {
    traces.attempted(attemptRecord(), delivery);
    expect(collector.requests).toEqual([]);
    clock.advance(1_000);
    const request = await collector.next();
    expect([
      request.method,
      request.path,
      request.headers['x-api-key'],
      request.headers['content-type'],
    ]).toEqual(['POST', '/otlp/v1/traces', 'k', 'application/json']);
    await eventually(
      () => traces.exported,
      (count) => count === 1,
    );
  });

  it('join the acceptance of an event and all of its attempts', async () => {
    traces.received({
      items: [{ accountId: 'acc_1' }],
      accountId: null,
      answer: { events: [accepted] },
      calledAt: 990,
      answeredAt: 1_000,
    });
    traces.attempted(failedAttempt({ startedAt: 1_002, durationMs: 7 }, 6_000), delivery);
    traces.attempted(attemptRecord({ startedAt: 6_000, number: 2 }), delivery);
    clock.advance(1_000);
    const [accept, first, second] = await sent();
    const { traceId, acceptSpanId } = traceOf('acc_1', 'my-1');
    expect(accept).toMatchObject({
      traceId,
      spanId: acceptSpanId,
      name: 'accept',
      kind: 2,
      startTimeUnixNano: '990000000',
      endTimeUnixNano: '1000000000',
    });
    expect(accept).not.toHaveProperty('parentSpanId');
    expect(first).toMatchObject({
      traceId,
      parentSpanId: acceptSpanId,
      name: 'deliver',
      kind: 3,
      startTimeUnixNano: '1002000000',
      endTimeUnixNano: '1009000000',
      status: { code: 2, message: 'status' },
    });
    expect(second).toMatchObject({ traceId, parentSpanId: acceptSpanId });
    expect(second).not.toHaveProperty('status');
    expect(second?.spanId).not.toBe(first?.spanId);
  });

  it('say what happened, and nothing of whom the message is about', async () => {
    traces.attempted(failedAttempt({ startedAt: 1_002 }), delivery);
    clock.advance(1_000);
    const [span] = await sent();
    expect(attributes(span)).toEqual({
      'hookwire.account.id': 'acc_1',
      'hookwire.event.id': 'my-1',
      'hookwire.delivery.id': 'dlv_1',
      'hookwire.webhook.id': 'wh_1',
      'hookwire.webhook.version': '1',
      'hookwire.attempt': '1',
      'hookwire.manual': false,
      'hookwire.state': 'retrying',
      'hookwire.waited_ms': '2',
      'http.response.status_code': '503',
      'error.type': 'status',
    });
  });

  it('leave out events that were not accepted', async () => {
    const events = [
      { ...accepted, result: 'duplicate' },
      { id: null, result: 'rejected', deliveries: 0 },
      { ...accepted, id: 'my-3' },
    ] as const;
    traces.received({
      items: [{}, {}, {}],
      accountId: 'acc_9',
      answer: { events },
      calledAt: 0,
      answeredAt: 1,
    });
    clock.advance(1_000);
    const spans = await sent();
    expect(spans.map(({ traceId }) => traceId)).toEqual([traceOf('acc_9', 'my-3').traceId]);
  });

  it('trace an event whole or not at all', async () => {
    await traces.close();
    traces = open(0.5);
    for (let i = 0; i < 100; i++) {
      const id = `my-${i}`;
      const answer = { events: [{ ...accepted, id }] };
      traces.received({ items: [{}], accountId: 'acc_1', answer, calledAt: 0, answeredAt: 1 });
      traces.attempted(attemptRecord({ deliveryId: `dlv_${i}` }), queuedDelivery({}, { id }));
    }
    clock.advance(1_000);
    const spans = await sent();
    const byTrace = Map.groupBy(spans, ({ traceId }) => traceId);
    expect(byTrace.size).toBeGreaterThan(20);
    expect(byTrace.size).toBeLessThan(80);
    for (const each of byTrace.values()) expect(each.map(({ name }) => name)).toEqual(['accept', 'deliver']);
  });

  it('are dropped and counted while the collector does not take them, which is said once', async () => {
    collector.play([503, 'reset', 200]);
    for (let i = 0; i < 3; i++) {
      traces.attempted(attemptRecord(), delivery);
      clock.advance(1_000);
      await eventually(
        () => traces.exported + traces.dropped,
        (count) => count === i + 1,
      );
    }
    expect([traces.exported, traces.dropped]).toEqual([1, 2]);
    expect(messages).toEqual([
      'Traces do not arrive at the collector; they are dropped.',
      'Traces arrive at the collector again.',
    ]);
  });

  it('wait while the machine has no connection for them, and none is dropped', async () => {
    await traces.close();
    const real = buildConnector({});
    const short = { of: 2 };
    traces = open(1, (options, callback) => {
      if (short.of-- <= 0) real(options, callback);
      else callback(Object.assign(new Error('too many open files'), { code: 'EMFILE' }), null);
    });
    traces.attempted(attemptRecord(), delivery);
    for (const left of [1, 0]) {
      clock.advance(1_000);
      await eventually(
        () => short.of === left && clock.waiting === 1,
        (isWaiting) => isWaiting,
      );
      traces.attempted(attemptRecord(), delivery);
    }
    clock.advance(1_000);
    expect(await sent()).toHaveLength(3);
    expect([traces.dropped, messages]).toEqual([0, []]);
  });

  it('wait in a bounded queue', async () => {
    collector.play(['timeout']);
    for (let i = 0; i < 6_000; i++) traces.attempted(attemptRecord(), delivery);
    expect(traces.dropped).toBeGreaterThan(0);
    expect(traces.dropped).toBeLessThan(6_000);
    await collector.next();
    const closed = traces.close();
    clock.advance(3_000);
    await closed;
    expect([traces.exported, traces.dropped]).toEqual([0, 6_000]);
  });

  it('are sent to the last at the end', async () => {
    traces.attempted(attemptRecord(), delivery);
    await traces.close();
    expect(traces.exported).toBe(1);
    expect(collector.requests).toHaveLength(1);
  });

  it('do not exist where no collector is named', () => {
    const config = {
      traces: { endpoint: null, ratio: 1 },
      secrets: {
        operatorKey: null,
        masterKey: null,
        previousMasterKeys: [],
        oidcClientSecret: null,
        egressProxyUser: null,
        traceHeaders: {},
      },
    };
    expect(openTraces(config, { clock, log: { warn() {}, info() {} } })).toBeNull();
  });
});
