import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../../bench/harness/processes.ts';
import { callApi, createAccounts } from '../../bench/harness/setup.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { grepFiles } from './grep-files.ts';

const number = '919812345678';
const other = '14155550123';

interface ShownTask {
  readonly state: string;
  readonly receipt: { readonly counts: Readonly<Record<string, number>> };
}

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hookwire-erasure-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const start = (): Promise<GatewayProcess> => startGatewayProcess({ HOOKWIRE_DATA_DIR: dataDir });

/** Half of them about the person, whom every tenth of the others mentions. */
async function accept(gateway: GatewayProcess, accountId: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const events = Array.from({ length: Math.min(500, count - from) }, (_, i) => ({
      ...{ accountId, product: 'sms', reportType: 'dlr', messageId: `m${from + i}`, status: 'delivered' },
      mobileNumber: i % 2 === 0 ? number : other,
      attributes: i % 20 === 1 ? { referredBy: number } : {},
    }));
    await callApi(gateway, 'POST', '/v1/events', events);
  }
}

/** Kills the process when the task has erased more than before, so often, or as often as there is time for, and goes on with another. */
async function killInTheMiddle(
  first: GatewayProcess,
  taskId: string,
  times: number,
): Promise<GatewayProcess> {
  let gateway = first;
  let erased = 0;
  for (let kill = 0; kill < times; kill++) {
    const { state, receipt } = await eventually(
      () => callApi<ShownTask>(gateway, 'GET', `/v1/tasks/${taskId}`),
      (task) => task.state === 'done' || (task.receipt.counts.events ?? 0) > erased,
    );
    if (state === 'done') {
      // This process got no turn of a busy machine for as long as the rest took.
      expect(kill).toBeGreaterThan(0);
      break;
    }
    erased = receipt.counts.events ?? 0;
    const exited = once(gateway.child, 'exit');
    gateway.child.kill('SIGKILL');
    await exited;
    gateway = await start();
  }
  return gateway;
}

async function countsOf(gateway: GatewayProcess, taskId: string): Promise<ShownTask['receipt']['counts']> {
  const { receipt } = await eventually(
    () => callApi<ShownTask>(gateway, 'GET', `/v1/tasks/${taskId}`),
    ({ state }) => state === 'done',
  );
  return receipt.counts;
}

it('an erasure that is killed again and again erases all of it, counts it once, and leaves others alone', async () => {
  await using receiver = await createReceiver([200]);
  const first = await start();
  const [accountId = ''] = await createAccounts(first, [receiver.url]);
  await accept(first, accountId, 2_400);
  await eventually(
    () => callApi<{ data: object[] }>(first, 'GET', '/v1/deliveries?state=pending'),
    ({ data }) => data.length === 0,
  );
  expect(grepFiles(dataDir, number)).not.toEqual([]);
  const { taskId } = await callApi<{ taskId: string }>(first, 'POST', '/v1/erasures', {
    ...{ mobileNumber: `+${number}`, waiting: 'deliver' },
  });
  await using last = await killInTheMiddle(first, taskId, 2);
  expect(await countsOf(last, taskId)).toMatchObject({ events: 1_200, deliveries: 1_200, mentions: 120 });
  expect(grepFiles(dataDir, number)).toEqual([]);
  const search = `/v1/events?accountId=${accountId}&mobileNumber=${other}&limit=200`;
  const { data } = await callApi<{ data: { contents: string }[] }>(last, 'GET', search);
  expect(data.map(({ contents }) => contents)).toEqual(Array(200).fill('kept'));
});

it('an account whose removal is killed again and again goes with all that it had, and others stay', async () => {
  await using receiver = await createReceiver([200]);
  const first = await start();
  const [goes = '', stays = ''] = await createAccounts(first, [receiver.url, receiver.url]);
  await accept(first, goes, 1_800);
  await accept(first, stays, 100);
  const { taskId } = await callApi<{ taskId: string }>(first, 'DELETE', `/v1/accounts/${goes}`);
  await using last = await killInTheMiddle(first, taskId, 2);
  expect(await countsOf(last, taskId)).toMatchObject({ events: 1_800, deliveries: 1_800, webhooks: 1 });
  const left = await callApi<{ data: { accountId: string }[] }>(last, 'GET', '/v1/events?messageId=m1');
  expect(left.data.map(({ accountId }) => accountId)).toEqual([stays]);
  await callApi(last, 'POST', '/v1/accounts', { id: goes, name: 'Another' });
});
