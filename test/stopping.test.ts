import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayFixture, type GatewayOptions, openGateway } from '../src/testing/gateway-fixture.ts';
import { openLive } from '../src/testing/live-client.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';

/** An endpoint that answers when it is told to. */
async function openSlowEndpoint() {
  const held: ServerResponse[] = [];
  const arrived: string[] = [];
  let onArrival = (): void => {};
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      arrived.push((JSON.parse(body) as { msg_id: string }).msg_id);
      held.push(response);
      onArrival();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    arrived,
    async untilArrived(count: number): Promise<void> {
      while (arrived.length < count) await new Promise<void>((resolve) => (onArrival = resolve));
    },
    answerAll(): void {
      for (const response of held.splice(0)) response.end('ok');
    },
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

type SlowEndpoint = Awaited<ReturnType<typeof openSlowEndpoint>>;

let endpoint: SlowEndpoint;
let gateway: GatewayFixture;
beforeEach(async () => {
  endpoint = await openSlowEndpoint();
});
afterEach(async () => {
  endpoint.answerAll();
  await gateway[Symbol.asyncDispose]();
  endpoint.close();
});

async function open(options: GatewayOptions = {}): Promise<(messageId: string) => Promise<unknown>> {
  gateway = await openGateway(options);
  const accountId = await gateway.createAccount();
  await gateway.createWebhook(accountId, { url: endpoint.url });
  const event = { accountId, product: 'sms', reportType: 'dlr', status: 'delivered' };
  return (messageId) => gateway.accept({ ...event, messageId });
}

describe('a gateway that is asked to stop', () => {
  it('is not ready, and takes events until what is under way has ended', async () => {
    const send = await open();
    await send('before');
    await endpoint.untilArrived(1);
    const url = new URL(gateway.gateway.url);
    const closing = gateway.gateway.close();

    const readiness = await fetch(new URL('/readyz', url));
    expect(await readiness.json()).toMatchObject({
      ready: false,
      detail: expect.stringContaining('stopping'),
    });
    expect([readiness.status, readiness.headers.get('connection')]).toEqual([503, 'close']);
    await send('meanwhile');
    expect(endpoint.arrived).toEqual(['before']);

    endpoint.answerAll();
    await closing;
    await expect(fetch(new URL('/readyz', url))).rejects.toThrow();
    expect(endpoint.arrived).toEqual(['before']);

    await gateway.restart();
    await endpoint.untilArrived(2);
    // What had its answer is not sent again.
    expect(endpoint.arrived).toEqual(['before', 'meanwhile']);
  });

  it('takes events until its time is nearly over when an endpoint does not answer', async () => {
    const clock = createManualClock();
    const send = await open({ clock, env: { HOOKWIRE_SHUTDOWN_TIMEOUT_MS: '5000' } });
    await send('hangs');
    await endpoint.untilArrived(1);
    const { url } = gateway.gateway;
    const closing = gateway.gateway.close();
    // Its time begins when it says so.
    expect((await fetch(new URL('/readyz', url))).status).toBe(503);
    clock.advance(2_900);
    await send('late');
    clock.advance(100);
    await closing;
    await expect(fetch(url)).rejects.toThrow();

    await gateway.restart();
    await endpoint.untilArrived(3);
    expect(endpoint.arrived.toSorted()).toEqual(['hangs', 'hangs', 'late']);
  });

  it('shows live what still ends, and then tells the client that it stops', async () => {
    const send = await open();
    await using client = await openLive(`${gateway.gateway.url}/v1/live`, 'op_0123456789abcdef');
    await send('before');
    await endpoint.untilArrived(1);
    const closing = gateway.gateway.close();
    await fetch(`${gateway.gateway.url}/readyz`);
    endpoint.answerAll();
    await closing;
    expect(await client.rest()).toMatchObject([
      { name: 'delivery', data: { messageId: 'before', state: 'delivered' } },
      { name: 'closed', data: { reason: 'stopping' } },
    ]);
  });
});
