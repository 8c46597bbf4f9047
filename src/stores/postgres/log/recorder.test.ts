import { setImmediate as turn } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { sequenceId } from '../../../core/ids.ts';
import { ownAll } from '../../../core/owned-shards.ts';
import { createSlices } from '../../../core/slices.ts';
import { testEvent } from '../../../testing/factories.ts';
import { attemptOf, delivered } from '../../conformance/samples.ts';
import type { Line } from './line.ts';
import { createRecorder, type Recorder } from './recorder.ts';

/** How many attempts each statement had that was asked. */
let asked: number[];
let recorder: Recorder;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  asked = [];
  const client = {
    async query(_: string, [accounts]: Buffer[] = []) {
      // Its length, behind dimensions, nulls and type (array-params.ts).
      if (accounts) asked.push(accounts.readInt32BE(12));
      return { rows: [] };
    },
  } as unknown as ClientBase;
  const line = { runFirst: (work: (client: ClientBase) => unknown) => work(client) } as unknown as Line;
  recorder = createRecorder({
    ...{ line, clock: systemClock, heard: createSlices(), shards: ownAll() },
    accountOf: async () => 'acc_1',
    onTurns() {},
  });
});
afterEach(() => vi.useRealTimers());

let number = 0;
/** Resolves when what was recorded has had its chance to be asked. */
async function record(count: number, { ordered = false } = {}): Promise<void> {
  for (let i = 0; i < count; i++) {
    const delivery: QueuedDelivery = {
      ...{ id: sequenceId('dlv', 32 * ++number), webhookId: 'wh_1', event: testEvent({}), ordered },
      ...{ acceptedAt: 0, queuedAt: 0, attempts: 0, attemptsSinceReplay: 0, manual: false, size: 1 },
    };
    recorder.record(attemptOf(delivery, delivered), () => {});
  }
  for (let turns = 0; turns < 3; turns++) await turn();
}

it('records together what ends within a moment', async () => {
  await record(1);
  await record(2);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(4);
  expect(asked).toEqual([3]);
});

it('does not wait for more than are worth a statement', async () => {
  await record(10);
  await record(54);
  expect(asked).toEqual([64]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual([64]);
});

it('does not wait where another report of the message may', async () => {
  await record(2);
  await record(1, { ordered: true });
  // In a transaction, which asks for its locks first.
  expect(asked).toContain(3);
});

it('does not wait again where the last one had waited for nobody, until some come together', async () => {
  await record(1);
  await vi.advanceTimersByTimeAsync(4);
  await record(1);
  expect(asked).toEqual([1, 1]);
  await record(2);
  expect(asked).toEqual([1, 1, 2]);
  await record(1);
  expect(asked).toEqual([1, 1, 2]);
  await vi.advanceTimersByTimeAsync(4);
  expect(asked).toEqual([1, 1, 2, 1]);
});

it('records what waits before it is closed', async () => {
  await record(5);
  await recorder.close();
  expect(asked).toEqual([5]);
});
