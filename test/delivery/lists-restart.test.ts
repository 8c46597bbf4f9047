import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../../bench/harness/processes.ts';
import { callApi, createAccounts } from '../../bench/harness/setup.ts';
import type { ReceivedRequest } from '../../src/receiver/receiver.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';

interface Shown {
  readonly state: string;
  readonly attemptCount: number;
}

const many = 16;
const messagesIn = ({ body }: Pick<ReceivedRequest, 'body'>) =>
  (JSON.parse(body.toString()) as { msg_id: string }[]).map(({ msg_id }) => msg_id);
const shown = async (gateway: GatewayProcess) =>
  (await callApi<{ data: Shown[] }>(gateway, 'GET', '/v1/deliveries?limit=100')).data;

it.each([413, 422])('A list that was halved after a %d is in halves after kill -9, too', async (status) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hookwire-halves-'));
  // The halves are taken, and not answered.
  await using receiver = await createReceiver((request) =>
    messagesIn(request).length > many / 2 ? status : 'timeout',
  );
  const first = await startGatewayProcess({ HOOKWIRE_DATA_DIR: dataDir });
  const settings = { batch: { maxItems: many, maxWaitMs: 60_000 } };
  const [accountId = ''] = await createAccounts(first, [receiver.url], settings);
  const ids = Array.from({ length: many }, (_, i) => `m${10 + i}`);
  const events = ids.map((messageId) => ({
    ...{ accountId, product: 'sms', reportType: 'dlr', messageId, transactionId: 't', status: 'delivered' },
  }));
  await callApi(first, 'POST', '/v1/events', events);
  await receiver.next();
  await eventually(
    () => shown(first),
    (all) => all.every(({ state, attemptCount }) => state === 'retrying' && attemptCount === 1),
  );
  const exited = once(first.child, 'exit');
  first.child.kill('SIGKILL');
  await exited;

  receiver.play([200]);
  const before = receiver.requests.length;
  await using second = await startGatewayProcess({ HOOKWIRE_DATA_DIR: dataDir });
  await eventually(
    () => shown(second),
    (all) => all.every(({ state }) => state === 'delivered'),
  );
  const lists = receiver.requests.slice(before).map(messagesIn);
  expect(lists.flat().toSorted()).toEqual(ids);
  for (const list of lists) expect(list.length).toBeLessThanOrEqual(many / 2);
});
