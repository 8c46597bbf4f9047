import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../src/testing/eventually.ts';
import type { ApiAnswer } from '../src/testing/gateway-api.ts';
import { type EventsAnswer, type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { openLive } from '../src/testing/live-client.ts';
import { createManualClock, type ManualClock } from '../src/testing/manual-clock.ts';

interface Limit {
  readonly name: string;
  readonly value: number | null;
  readonly used: number | null;
}

interface Refusal {
  readonly code: string;
  readonly limit?: { readonly name: string; readonly value: number };
}

let clock: ManualClock;
let gateway: GatewayFixture;
let endpoint: Server;
let held: ServerResponse[];
let url: string;

beforeEach(async () => {
  clock = createManualClock();
  gateway = await openGateway({ clock, env: { HOOKWIRE_MAX_TESTS: '4', HOOKWIRE_MAX_LIVE_STREAMS: '2' } });
  held = [];
  endpoint = createServer((_request, response) => void held.push(response));
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/dlr`;
});
afterEach(async () => {
  answerAll();
  endpoint.closeAllConnections();
  endpoint.close();
  await gateway[Symbol.asyncDispose]();
});

function answerAll(): void {
  for (const response of held.splice(0)) response.end();
}

async function accountWith(limits: object) {
  const id = await gateway.createAccount();
  expect((await gateway.api('PATCH', `/v1/accounts/${id}`, { limits })).status).toBe(200);
  return { id, key: await gateway.createKey(id) };
}

async function used(accountId: string, name: string): Promise<number | null> {
  const { body } = await gateway.api<{ limits: Limit[] }>('GET', `/v1/limits?accountId=${accountId}`);
  return body.limits.find((limit) => limit.name === name)?.used ?? null;
}

const event = (accountId: string | undefined, messageId: string) => ({
  ...{ accountId, product: 'sms', reportType: 'dlr', status: 'delivered', messageId },
});

const post = (events: object | readonly object[], key?: string) =>
  gateway.api<EventsAnswer & Refusal>('POST', '/v1/events', events, key);

const statuses = (answers: readonly ApiAnswer<unknown>[]) => answers.map(({ status }) => status).sort();

describe('events a second', () => {
  it('are taken up to the limit of 20 calls at once, and again when their time has come', async () => {
    const { key } = await accountWith({ eventsPerSecond: 5 });
    const calls = Array.from({ length: 20 }, (_, i) => post(event(undefined, `m${i}`), key));
    const answers = await Promise.all(calls);
    expect(statuses(answers)).toEqual([...Array(5).fill(202), ...Array(15).fill(429)]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'slow_down', limit: { name: 'eventsPerSecond', value: 5 } });
    expect(refused?.headers['retry-after']).toBe('1');
    clock.advance(200);
    expect((await post(event(undefined, 'later'), key)).status).toBe(202);
    expect((await post(event(undefined, 'too early'), key)).status).toBe(429);
  });

  it('of one account hold up no other’s in the same call of an operator', async () => {
    const slow = await accountWith({ eventsPerSecond: 2 });
    const other = await gateway.createAccount();
    await post([event(slow.id, 'm1'), event(slow.id, 'm2')]);
    const { status, body } = await post([event(other, 'm3'), event(slow.id, 'm4'), event(other, 'm5')]);
    expect(status).toBe(202);
    expect(body.events.map(({ result }) => result)).toEqual(['accepted', 'rejected', 'accepted']);
    expect(body.events[1]).toMatchObject({ code: 'slow_down', retryAfterSeconds: 1 });
    expect(await used(slow.id, 'eventsPerSecond')).toBe(2);
  });

  it('let a batch through that is larger than a second’s worth, and count it', async () => {
    const { key } = await accountWith({ eventsPerSecond: 10 });
    const batch = Array.from({ length: 1_000 }, (_, i) => event(undefined, `m${i}`));
    expect((await post(batch, key)).body).toMatchObject({ accepted: 1_000 });
    const refused = await post(batch, key);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '100']);
  });

  it('are refused before the body is read, however large it is', async () => {
    const { key } = await accountWith({ eventsPerSecond: 1 });
    await post(event(undefined, 'm1'), key);
    const huge = { raw: '['.repeat(100_000), contentType: 'application/json' };
    expect((await gateway.api('POST', '/v1/events', huge, key)).status).toBe(429);
  });
});

describe('deliveries that wait', () => {
  it('are as many as may wait, of 20 calls at once, until some have ended', async () => {
    const { id, key } = await accountWith({ deliveriesWaiting: 6 });
    for (let i = 0; i < 2; i++) await gateway.createWebhook(id, { url });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post(event(undefined, `m${i}`), key)),
    );
    expect(statuses(answers)).toEqual([...Array(3).fill(202), ...Array(17).fill(429)]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({
      code: 'slow_down',
      limit: { name: 'deliveriesWaiting', value: 6 },
    });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(await used(id, 'deliveriesWaiting')).toBe(6);
    await eventually(
      () => held.length,
      (requests) => requests === 6,
    );
    held.splice(0, 2).map((response) => response.end());
    await eventually(
      () => used(id, 'deliveriesWaiting'),
      (waiting) => waiting === 4,
    );
    expect((await post(event(undefined, 'one more'), key)).status).toBe(202);
    expect((await post(event(undefined, 'and no other'), key)).status).toBe(429);
  });

  it('are known after a restart', async () => {
    const { id, key } = await accountWith({ deliveriesWaiting: 3 });
    const webhook = await gateway.createWebhook(id, { url });
    await gateway.api('POST', `/v1/webhooks/${webhook.id}/disable`);
    await post(
      [1, 2, 3].map((i) => event(undefined, `m${i}`)),
      key,
    );
    await gateway.restart();
    await eventually(
      () => used(id, 'deliveriesWaiting'),
      (waiting) => waiting === 3,
    );
    expect((await post(event(undefined, 'm4'), key)).status).toBe(429);
  });
});

describe('tests', () => {
  const trial = (accountId?: string) => ({
    ...{ accountId, product: 'sms', reportType: 'dlr', method: 'JSON', url },
    parameterNames: {
      ...{ transactionId: 't', messageId: 'm', errorCode: 'e', mobileNumber: 'n' },
      ...{ receivedTime: 'r', deliveredTime: 'd' },
    },
  });

  /** Waits until so many were answered, and gives the first of them. */
  async function refusals(
    calls: readonly Promise<ApiAnswer<Refusal>>[],
    count: number,
  ): Promise<ApiAnswer<Refusal>> {
    const answered: ApiAnswer<Refusal>[] = [];
    for (const call of calls) void call.then((answer) => answered.push(answer));
    await eventually(
      () => answered.length,
      (answers) => answers === count,
    );
    return Promise.race(calls);
  }

  it('are under way as many as the account may have, of 20 at once, saved or not', async () => {
    const { id, key } = await accountWith({ tests: 2 });
    const saved = `/v1/webhooks/${(await gateway.createWebhook(id, { url })).id}/test`;
    const calls = Array.from({ length: 20 }, (_, i) =>
      i % 2 === 0
        ? gateway.api<Refusal>('POST', '/v1/webhooks/test', trial(), key)
        : gateway.api<Refusal>('POST', saved, undefined, key),
    );
    const first = await refusals(calls, 18);
    expect(first.body).toMatchObject({ code: 'slow_down', limit: { name: 'tests', value: 2 } });
    expect(first.headers['retry-after']).toBe('5');
    await eventually(
      () => held.length,
      (requests) => requests === 2,
    );
    expect(await used(id, 'tests')).toBe(2);
    answerAll();
    expect(statuses(await Promise.all(calls))).toEqual([200, 200, ...Array(18).fill(429)]);
    expect(await used(id, 'tests')).toBe(0);
    const again = gateway.api('POST', '/v1/webhooks/test', trial(), key);
    await eventually(
      () => held.length,
      (requests) => requests === 1,
    );
    answerAll();
    expect((await again).status).toBe(200);
  });

  it('are bounded over all accounts too', async () => {
    const accounts = await Promise.all([1, 2, 3].map(() => accountWith({ tests: 2 })));
    const calls = accounts.flatMap(({ key }) => [
      gateway.api<Refusal>('POST', '/v1/webhooks/test', trial(), key),
      gateway.api<Refusal>('POST', '/v1/webhooks/test', trial(), key),
    ]);
    const first = await refusals(calls, 2);
    expect(first.body).toMatchObject({
      code: 'slow_down',
      detail: expect.stringContaining('the gateway sends'),
    });
    await eventually(
      () => held.length,
      (requests) => requests === 4,
    );
    answerAll();
    expect(statuses(await Promise.all(calls))).toEqual([200, 200, 200, 200, 429, 429]);
  });
});

describe('live streams', () => {
  it('are open as many as the account may have', async () => {
    const { id, key } = await accountWith({ liveStreams: 1 });
    await using _open = await openLive(`${gateway.gateway.url}/v1/live`, key);
    expect(await used(id, 'liveStreams')).toBe(1);
    const refused = await gateway.api<Refusal>('GET', '/v1/live', undefined, key);
    expect(refused.body).toMatchObject({ code: 'slow_down', limit: { name: 'liveStreams', value: 1 } });
    expect(refused.headers['retry-after']).toBe('30');
  });

  it('are as many over all accounts as the configuration says', async () => {
    const accounts = await Promise.all([1, 2, 3].map(() => accountWith({})));
    const urls = `${gateway.gateway.url}/v1/live`;
    await using _one = await openLive(urls, accounts[0]?.key ?? null);
    await using _two = await openLive(urls, accounts[1]?.key ?? null);
    const refused = await gateway.api<Refusal>('GET', '/v1/live', undefined, accounts[2]?.key);
    expect([refused.status, refused.body.code]).toEqual([503, 'overloaded']);
  });
});
