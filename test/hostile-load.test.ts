import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Misbehaviour } from '../src/receiver/answer.ts';
import { eventually } from '../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const mebibyte = 2 ** 20;

/** Bytes that the program holds on to, buffers outside of the heap included. */
async function held(): Promise<number> {
  collectGarbage();
  // Buffers outside of the heap go a turn later.
  await setImmediate();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Webhooks that are allowed one attempt each, at an endpoint that does this. Many webhooks with few attempts
 * each, because a breaker opens after ten failures.
 */
async function openHostile(
  gateway: GatewayFixture,
  receiver: Receiver,
  how: Misbehaviour,
  { webhooks, timeoutMs }: { webhooks: number; timeoutMs: number },
) {
  receiver.play([how]);
  const accountId = await gateway.createAccount();
  const settings = { timeoutMs, retry: { maxAttempts: 1 } };
  for (let i = 0; i < webhooks; i++) await gateway.createWebhook(accountId, { url: receiver.url, settings });
  return async (count: number): Promise<readonly string[]> => {
    const { events } = await gateway.accept(
      Array.from({ length: count }, () => ({
        accountId,
        product: 'sms',
        reportType: 'dlr',
        messageId: `m${made++}`,
        status: 'delivered',
      })),
    );
    await gateway.idle();
    return events.map(({ id }) => id ?? '');
  };
}
let made = 0;

async function untilAllSocketsClosed(receiver: Receiver): Promise<void> {
  const last = Math.max(...receiver.requests.map(({ socketId }) => socketId));
  await Promise.all(Array.from({ length: last }, (_, i) => receiver.socketClosed(i + 1)));
}

describe('many hostile answers', () => {
  it('do not make the memory grow, whatever comes without end', async () => {
    await using gateway = await openGateway();
    await using receiver = await createReceiver();
    const send = await openHostile(gateway, receiver, 'endless', { webhooks: 150, timeoutMs: 15_000 });
    await send(4);
    await untilAllSocketsClosed(receiver);
    const before = { held: await held(), resident: process.memoryUsage.rss() };
    // What is read of them is 47 MiB.
    await send(5);
    await untilAllSocketsClosed(receiver);
    expect((await held()) - before.held).toBeLessThan(10 * mebibyte);
    expect(process.memoryUsage.rss() - before.resident).toBeLessThan(44 * mebibyte);
    const { body } = await gateway.api<{ data: object[] }>('GET', '/v1/deliveries?state=failed&limit=500');
    expect(body.data).toHaveLength(500);
    for (const delivery of body.data) expect(delivery).toMatchObject({ errorClass: 'too_large' });
  });

  it.each(['drip', 'timeout'] as const)('leave no socket behind after their deadline: %s', async (how) => {
    await using gateway = await openGateway();
    await using receiver = await createReceiver();
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const send = await openHostile(gateway, receiver, how, { webhooks: 1, timeoutMs: 1_000 });
    const before = sockets();
    const ids = await send(8);
    await untilAllSocketsClosed(receiver);
    await eventually(sockets, (open) => open <= before);
    for (const id of ids)
      expect((await gateway.deliveryOf(id)).errorClass).toMatch(/^timeout_(body|headers)$/);
  });
});
