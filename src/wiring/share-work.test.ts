import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ShardsListener } from '../cluster/cluster.ts';
import type { Membership, SendingListener } from '../cluster/membership.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { shareWork } from './share-work.ts';

type Needs = Parameters<typeof shareWork>;

/** A process that may share its store with others. */
async function sharing() {
  const clock = createManualClock();
  let looks = 0;
  let listener: (ShardsListener & SendingListener) | undefined;
  let processes = 1;
  const membership: Pick<Membership, 'processes' | 'begin'> = {
    get processes() {
      return Array.from({ length: processes }) as unknown as Membership['processes'];
    },
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
    become: (count: number) => {
      processes = count;
    },
    takes: () => listener?.taken([{ shard: 2, epoch: 1 }]),
    parts: basics.parts,
  };
}

it('a process looks for what nobody has told it of while there are others, and once more when the last has gone', async () => {
  const { clock, looks, become, parts } = await sharing();
  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 5_000) clock.advance(5_000);
  };
  pass(60_000);
  expect(looks()).toBe(0);
  become(2);
  pass(30_000);
  expect(looks()).toBe(1);
  // It comes, dies, and is known for some seconds more.
  become(1);
  pass(5_000);
  become(2);
  pass(5_000);
  become(1);
  pass(20_000);
  expect(looks()).toBe(2);
  pass(90_000);
  expect(looks()).toBe(2);
  await parts.disposeAsync();
  expect(clock.waiting).toBe(0);
});

it('a process that takes what another one left looks at once for what that one has not told it of', async () => {
  const { clock, looks, takes, parts } = await sharing();
  takes();
  takes();
  clock.advance(1_000);
  await setImmediate();
  expect(looks()).toBe(1);
  await parts.disposeAsync();
});
