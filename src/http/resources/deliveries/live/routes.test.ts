import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attemptRecord, failedAttempt, queuedDelivery } from '../../../../testing/attempts.ts';
import { eventually } from '../../../../testing/eventually.ts';
import { type LiveClient, openLive } from '../../../../testing/live-client.ts';
import { createManualClock, type ManualClock } from '../../../../testing/manual-clock.ts';
import { createHttpServer, type HttpServer } from '../../../server.ts';
import { createHttpFixture, type HttpFixture, operatorKey } from '../../../testing/http-fixture.ts';

let clock: ManualClock;
let api: HttpFixture;
let server: HttpServer;
let url: string;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
  server = createHttpServer(api.services);
  ({ url } = await server.listen('127.0.0.1', 0));
});
afterEach(async () => {
  api.live.close();
  clock.advance(1_000);
  await server.close();
  await api.app.close();
});

const listen = (query = '', key: string | null = operatorKey): Promise<LiveClient> =>
  openLive(`${url}/v1/live${query}`, key);

/** An attempt at the report of a message of an account. */
function attempt(messageId: string, accountId = 'acc_1', body = attemptRecord()): void {
  const delivery = queuedDelivery(
    { id: `dlv_${messageId}`, acceptedAt: clock.now() },
    { messageId, accountId },
  );
  api.live.attempted(body, delivery);
}

/** What was sent so far leaves the gateway. */
const gathered = () => clock.advance(50);

describe('the live stream', () => {
  it('is a stream of events that nobody keeps or gathers', async () => {
    await using client = await listen();
    expect([client.status, client.headers]).toMatchObject([
      200,
      {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    ]);
  });

  it('shows a delivery as the list does, after every attempt', async () => {
    await using client = await listen();
    attempt('m1', 'acc_1', failedAttempt({}, clock.now() + 5_000));
    attempt('m1', 'acc_1', attemptRecord({ number: 2 }));
    gathered();
    expect(await client.next()).toMatchObject({
      name: 'delivery',
      data: {
        id: 'dlv_m1',
        webhookId: 'wh_1',
        messageId: 'm1',
        state: 'retrying',
        statusCode: 503,
        errorClass: 'status',
        attemptCount: 1,
        acceptedAt: '2026-11-22T10:00:00.000Z',
        nextAttemptAt: '2026-11-22T10:00:05.000Z',
      },
    });
    expect((await client.next())?.data).toMatchObject({ id: 'dlv_m1', state: 'delivered', attemptCount: 2 });
  });

  it('has the filters of the list, and refuses those that mean nothing here', async () => {
    await using client = await listen('?messageId=m2&state=delivered');
    for (const messageId of ['m1', 'm2', 'm3']) attempt(messageId);
    gathered();
    expect((await client.next())?.data).toMatchObject({ messageId: 'm2' });
    const refused = await api.call('GET', '/v1/live?from=2026-11-22T10:00:00Z');
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ path: 'query.from' }]]);
  });

  it('shows an account its own alone, and an operator all or those of one account', async () => {
    const key = await api.accountKey('acc_1', 'deliveries:read');
    await using own = await listen('', key);
    await using all = await listen();
    await using one = await listen('?accountId=acc_2');
    attempt('m1', 'acc_1');
    attempt('m2', 'acc_2');
    gathered();
    api.live.close();
    const messages = async (client: LiveClient) =>
      (await client.rest()).filter(({ name }) => name === 'delivery').map(({ data }) => data.messageId);
    expect([await messages(own), await messages(all), await messages(one)]).toEqual([
      ['m1'],
      ['m1', 'm2'],
      ['m2'],
    ]);
    expect((await api.call('GET', '/v1/live?accountId=acc_2', undefined, { key })).status).toBe(404);
  });

  it('needs a key that may read deliveries', async () => {
    const key = await api.accountKey('acc_1', 'webhooks:read');
    expect((await api.call('GET', '/v1/live', undefined, { key })).status).toBe(403);
    expect((await api.call('GET', '/v1/live', undefined, { key: null })).status).toBe(401);
    expect((await api.call('HEAD', '/v1/live')).status).toBe(405);
  });

  it('says so when there are enough listeners, and takes another when one has left', async () => {
    await using first = await listen();
    await using _second = await listen();
    await using _third = await listen();
    const refused = await api.call('GET', '/v1/live');
    expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([
      503,
      'overloaded',
      '30',
    ]);
    first.leave();
    await eventually(
      () => api.live.listeners,
      (count) => count === 2,
    );
    await using fourth = await listen();
    expect(fourth.status).toBe(200);
  });

  it('keeps a quiet connection open with a comment every 15 s', async () => {
    await using client = await listen();
    clock.advance(15_000);
    await eventually(
      () => client.text,
      (text) => text.endsWith('\n\n:\n\n'),
    );
  });

  it('ends when its key is gone', async () => {
    const key = await api.accountKey('acc_1', 'deliveries:read');
    await using client = await listen('', key);
    const [known] = (await api.services.directory.listKeys('acc_1', { limit: 1, cursor: null })).data;
    await api.services.directory.deleteKey('acc_1', known?.id ?? '');
    clock.advance(15_000);
    expect(await client.rest()).toEqual([{ name: 'closed', data: { reason: 'unauthorized' } }]);
    expect(api.live.listeners).toBe(0);
  });

  it('ends at once when it is this gateway that takes the key away', async () => {
    const key = await api.accountKey('acc_1', 'deliveries:read');
    await using client = await listen('', key);
    await using other = await listen();
    const [known] = (await api.services.directory.listKeys('acc_1', { limit: 1, cursor: null })).data;
    const answer = await fetch(`${url}/v1/accounts/acc_1/keys/${known?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${operatorKey}` },
    });
    expect(answer.status).toBe(204);
    expect(await client.rest()).toEqual([{ name: 'closed', data: { reason: 'unauthorized' } }]);
    attempt('m1');
    gathered();
    expect((await other.next())?.data).toMatchObject({ messageId: 'm1' });
  });

  it('sends what has come and its reason before the gateway stops, and holds up nobody', async () => {
    const client = await listen();
    attempt('m1');
    api.live.close();
    await server.close();
    expect((await client.rest()).map(({ name, data }) => [name, data.messageId ?? data.reason])).toEqual([
      ['delivery', 'm1'],
      ['closed', 'stopping'],
    ]);
    await client.closed;
  });
});

describe('a client that leaves', () => {
  it('before its key is found takes no place', async () => {
    const key = await api.accountKey('acc_1', 'deliveries:read');
    const { directory } = api.services;
    const held = Promise.withResolvers<void>();
    const find = directory.findKeys;
    const finding = vi.spyOn(directory, 'findKeys').mockImplementation(async (hashes) => {
      await held.promise;
      return find(hashes);
    });
    const joining = vi.spyOn(api.live, 'join');
    const closed = Promise.withResolvers<void>();
    api.app.server.once('request', (_request, response) => response.once('close', closed.resolve));
    const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }));
    const client = connect(Number(port), '127.0.0.1');
    client.write(get(key));
    await eventually(
      () => finding.mock.calls.length,
      (calls) => calls === 1,
    );
    client.destroy();
    await closed.promise;
    held.resolve();
    await eventually(
      () => joining.mock.results.map(({ type }) => type),
      ([joined]) => joined === 'return',
    );
    expect([api.live.listeners, clock.waiting]).toEqual([0, 0]);
  });

  function get(key: string): string {
    return `GET /v1/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  }
});

describe('a client that is too slow', () => {
  /** Sends 28 MB, more than any buffer on the way takes. */
  async function fill(): Promise<number> {
    let sent = 0;
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 7; i++) attempt(`m${sent++}${'x'.repeat(20_000)}`);
      gathered();
      await setImmediate();
    }
    return sent;
  }

  it('misses deliveries, is told how many, and goes on', async () => {
    const client = await listen();
    client.pause();
    const sent = await fill();
    client.resume();
    const got = { deliveries: 0, skipped: 0 };
    let isReading = true;
    const ticking = (async () => {
      for (; isReading; await setImmediate()) gathered();
    })();
    while (got.deliveries + got.skipped < sent) {
      const event = await client.next();
      if (event?.name === 'skipped') got.skipped += Number(event.data.count);
      else got.deliveries++;
    }
    isReading = false;
    await ticking;
    expect(got.skipped).toBeGreaterThan(0);
    expect(got.deliveries + got.skipped).toBe(sent);
    await client[Symbol.asyncDispose]();
  });

  it('is disconnected when it has taken nothing for 30 s', async () => {
    const client = await listen();
    client.pause();
    await fill();
    clock.advance(45_000);
    await eventually(
      () => api.live.listeners,
      (count) => count === 0,
    );
    client.resume();
    await client.closed;
  });

  it('does not hold up the end of the gateway', async () => {
    const client = await listen();
    client.pause();
    await fill();
    api.live.close();
    const closed = server.close();
    clock.advance(1_000);
    await closed;
    client.resume();
    await client.closed;
  });
});
