import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killRounds } from '../bench/harness/kill.ts';
import { type GatewayProcess, startGatewayProcess } from '../bench/harness/processes.ts';
import { callApi, createAccounts } from '../bench/harness/setup.ts';
import type { ReceivedRequest } from '../src/receiver/receiver.ts';
import { eventually } from '../src/testing/eventually.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

it('loses nothing that was accepted when it is killed in the middle of a load', async () => {
  const rounds = await killRounds({ rounds: 2, events: 3_000, batch: 100 });
  expect(rounds).toHaveLength(2);
  for (const { accepted, killedAfter, lost, duplicates, inFlightAtKill } of rounds) {
    expect({ accepted, lost }).toEqual({ accepted: 3_000, lost: 0 });
    expect(killedAfter).toBeGreaterThan(0);
    expect(duplicates).toBeLessThanOrEqual(inFlightAtKill);
  }
});

it('keeps order, batches and a recover task when it is killed in the middle of them', async () => {
  const [round] = await killRounds({ rounds: 1, events: 2_000, batch: 100, all: true });
  // What was to be recovered is among what must not be lost.
  expect(round).toMatchObject({ accepted: 2_000, lost: 0, disorder: 0, task: { state: 'done' } });
  expect(round?.killedAfter).toBeGreaterThan(0);
  expect(round?.duplicates).toBeLessThanOrEqual(round?.inFlightAtKill ?? 0);
});

/** Posts events until it is refused; adds those that were accepted. */
async function postUntilStopped(
  gateway: GatewayProcess,
  accountId: string,
  accepted: Set<string>,
): Promise<void> {
  for (;;) {
    const ids = Array.from({ length: 200 }, () => `m${made++}`);
    const events = ids.map((id) => ({
      ...{ id, accountId, product: 'sms', reportType: 'dlr', messageId: id, status: 'delivered' },
    }));
    const answer = await fetch(`${gateway.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.operatorKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    }).catch(() => null);
    if (answer?.status !== 202) {
      expect([undefined, 503]).toContain(answer?.status);
      return;
    }
    await answer.body?.cancel();
    for (const id of ids) accepted.add(id);
  }
}
let made = 0;

it('ends with 0 on SIGTERM under load, and goes on after the next start without sending anything twice', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hookwire-sigterm-'));
  // Slower than the events come in, so that some wait at the signal.
  await using receiver = await createReceiver([{ status: 200, delayMs: 20 }]);
  const accepted = new Set<string>();
  const first = await startGatewayProcess({ HOOKWIRE_DATA_DIR: dataDir });
  const [accountId = ''] = await createAccounts(first, [receiver.url]);
  const posting = Promise.all(Array.from({ length: 3 }, () => postUntilStopped(first, accountId, accepted)));
  await receiver.take(200);
  const exited = once(first.child, 'exit');
  first.child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await posting;

  const missing = new Set(accepted);
  const arrivedBefore = receiver.requests.length;
  for (const request of receiver.requests) missing.delete(messageOf(request));
  expect(missing.size).toBeGreaterThan(0);
  await using second = await startGatewayProcess({ HOOKWIRE_DATA_DIR: dataDir });
  await receiver.take(arrivedBefore - 200);
  while (missing.size > 0) missing.delete(messageOf(await receiver.next()));
  await eventually(
    () => callApi<{ data: object[] }>(second, 'GET', '/v1/deliveries?state=pending'),
    ({ data }) => data.length === 0,
  );
  const arrivals = receiver.requests.map(({ headers }) => headers['webhook-id']);
  expect(arrivals.length - new Set(arrivals).size).toBe(0);
});

function messageOf({ body }: ReceivedRequest): string {
  return (JSON.parse(body.toString()) as { msg_id: string }).msg_id;
}
