import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ShardsListener } from '../cluster/cluster.ts';
import type { Membership, SendingListener } from '../cluster/membership.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { shareWork } from './share-work.ts';

type Needs = Parameters<typeof shareWork>;

/** A process that shares its store with nobody any more. */
async function alone() {
  const clock = createManualClock();
  let looks = 0;
  let listener: (ShardsListener & SendingListener) | undefined;
  const membership: Pick<Membership, 'processes' | 'begin'> = {
    processes: [],
    begin: async (listen) => {
      listener = listen;
      listen.taken([{ shard: 1, epoch: 1 }]);
    },
  };
  const couriers = {
    takeShards: async () => {},
    lookAgain: async () => void looks++,
  };
  const basics = { clock, log: { warn() {} }, parts: new AsyncDisposableStack() } as unknown as Needs[0];
  const shared = {
    sharing: { membership, numbered: () => 0 },
    messages: null,
    couriers,
  } as unknown as Needs[1];
  await shareWork(basics, shared);
  return {
    clock,
    looks: () => looks,
    takes: () => listener?.taken([{ shard: 2, epoch: 1 }]),
    parts: basics.parts,
  };
}

it('a process looks for what nobody has told it of, also when it is alone again', async () => {
  const { clock, looks, parts } = await alone();
  expect(looks()).toBe(0);
  clock.advance(30_000);
  clock.advance(30_000);
  expect(looks()).toBe(2);
  await parts.disposeAsync();
  expect(clock.waiting).toBe(0);
});

it('a process that takes what another one left looks at once for what that one has not told it of', async () => {
  const { clock, looks, takes, parts } = await alone();
  takes();
  takes();
  clock.advance(1_000);
  await setImmediate();
  expect(looks()).toBe(1);
  await parts.disposeAsync();
});
