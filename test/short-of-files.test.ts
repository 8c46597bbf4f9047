import { afterEach, beforeEach, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../bench/harness/processes.ts';
import { parameterNames } from '../bench/harness/setup.ts';
import { eventually } from '../src/testing/eventually.ts';
import { createTestClient, type TestClient } from '../src/testing/gateway-api.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

// Takes every descriptor that the process may have, and whatever is given back, from one SIGUSR2 to the next.
const taker = `
import { closeSync, openSync } from 'node:fs';
let taken = null;
process.on('SIGUSR2', () => {
  for (const file of taken ?? []) closeSync(file);
  taken = taken ? null : [];
  take();
});
function take() {
  if (!taken) return;
  try { for (;;) taken.push(openSync('/dev/null')); } catch {}
  setImmediate(take);
}`;

let gateway: GatewayProcess;
let receiver: Receiver;
let client: TestClient;
beforeEach(async () => {
  receiver = await createReceiver([200]);
  const preload = `data:text/javascript,${encodeURIComponent(taker)}`;
  gateway = await startGatewayProcess({}, ['--import', preload], 200);
  client = createTestClient(() => gateway.url, gateway.operatorKey);
});
afterEach(async () => {
  await client.close();
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
});

interface Shown {
  readonly state: string;
  readonly attemptCount: number;
}

it('a machine without descriptors uses up no attempt, blames no endpoint, says so, and goes on when it has some', async () => {
  await client.api('POST', '/v1/accounts', { id: 'acme', name: 'Acme' });
  const { body: webhook } = await client.api<{ id: string }>('POST', '/v1/webhooks', {
    ...{ accountId: 'acme', product: 'sms', reportType: 'dlr', method: 'JSON', parameterNames },
    url: receiver.url,
  });
  gateway.child.kill('SIGUSR2');

  // Over the connection that is there already.
  const health = () => client.api<{ shortage: { of: string } | null }>('GET', '/v1/gateway');
  await eventually(
    async () => (await health()).body.shortage?.of,
    (of) => of === 'files',
  );
  const event = {
    accountId: 'acme',
    product: 'sms',
    reportType: 'dlr',
    messageId: 'm1',
    status: 'delivered',
  };
  expect((await client.api('POST', '/v1/events', event)).status).toBe(202);
  const test = await client.api<{ code: string; detail: string }>(
    'POST',
    `/v1/webhooks/${webhook.id}/test`,
    {},
  );
  expect(test).toMatchObject({ status: 503, body: { code: 'overloaded' } });
  expect(test.body.detail).toContain('short of network connections');
  // Nothing where the call was refused, since it met the shortage itself.
  const shown = async () =>
    (await client.api<{ data?: readonly Shown[] }>('GET', '/v1/deliveries')).body.data?.[0];
  expect(await shown()).toMatchObject({ state: 'pending', attemptCount: 0 });
  const { body: metrics } = await client.api<string>('GET', '/metrics');
  expect(metrics).toMatch(/hookwire_shortages_total\{of="files"\} [1-9]/);

  gateway.child.kill('SIGUSR2');
  await eventually(shown, (delivery) => delivery?.state === 'delivered');
  expect(await shown()).toMatchObject({ attemptCount: 1 });
});
