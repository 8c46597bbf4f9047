import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
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
 * Gives a new account's webhooks, allowed one attempt each, these events. Each webhook gets few enough that
 * its lane does not take a rest from failing.
 */
async function sendTo(
  receiver: Receiver,
  gateway: GatewayFixture,
  counts: { readonly webhooks: number; readonly events: number; readonly timeoutMs: number },
): Promise<readonly { readonly state: string; readonly errorClass: string | null }[]> {
  const accountId = await gateway.createAccount();
  const settings = { timeoutMs: counts.timeoutMs, retry: { maxAttempts: 1 } };
  for (let i = 0; i < counts.webhooks; i++) {
    await gateway.createWebhook(accountId, { url: receiver.url, settings });
  }
  const report = { accountId, product: 'sms', reportType: 'dlr', status: 'delivered' };
  await gateway.accept(Array.from({ length: counts.events }, (_, i) => ({ ...report, messageId: `m${i}` })));
  await gateway.idle();
  const last = Math.max(...receiver.requests.map(({ socketId }) => socketId));
  await Promise.all(Array.from({ length: last }, (_, i) => receiver.socketClosed(i + 1)));
  const path = `/v1/deliveries?accountId=${accountId}&limit=500`;
  const { body } = await gateway.api<{ data: { state: string; errorClass: string | null }[] }>('GET', path);
  expect(body.data).toHaveLength(counts.webhooks * counts.events);
  return body.data;
}

describe('many hostile answers', () => {
  it('do not make the memory grow, whatever comes without end', async () => {
    await using gateway = await openGateway({ env: { HOOKWIRE_MAX_IN_FLIGHT: '20' } });
    await using receiver = await createReceiver(['endless']);
    const many = { webhooks: 50, events: 8, timeoutMs: 30_000 };
    await sendTo(receiver, gateway, many);
    const before = await held();
    // Other threads collect their garbage when they like to: what leaks grows each time.
    let grown = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 4 && grown >= 32 * mebibyte; round++) {
      const resident = process.memoryUsage.rss();
      // What is read of these is 25 MiB.
      for (const delivery of await sendTo(receiver, gateway, many)) {
        expect(delivery).toMatchObject({ state: 'delivered', errorClass: null });
      }
      grown = process.memoryUsage.rss() - resident;
    }
    expect(grown).toBeLessThan(32 * mebibyte);
    await eventually(held, (bytes) => bytes - before < 8 * mebibyte);
  });

  // A deadline in which a busy machine gets to read a byte.
  it.each([
    ['drip', 'timeout_body'],
    ['timeout', 'timeout_headers'],
  ] as const)('leave no socket behind after their deadline: %s', async (how, errorClass) => {
    await using gateway = await openGateway();
    await using receiver = await createReceiver([how]);
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = sockets();
    for (const delivery of await sendTo(receiver, gateway, { webhooks: 5, events: 8, timeoutMs: 3_000 })) {
      expect(delivery).toMatchObject({ state: 'failed', errorClass });
    }
    // The test's own connection to the API stays.
    await eventually(sockets, (open) => open <= before + 2);
  });
});
