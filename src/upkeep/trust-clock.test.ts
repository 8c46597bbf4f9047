import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { sequenceTime } from '../core/ids.ts';
import type { TrustedTime } from '../core/trusted-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { trustClock } from './trust-clock.ts';

const day = 86_400_000;

async function open(latestAt: (now: number) => number, written: TrustedTime | null = null) {
  const clock = createManualClock();
  const state = { written, isBroken: false, saves: 0, isToSave: true };
  const said: string[] = [];
  const start = () =>
    trustClock({
      trustedTime: {
        load: async () => state.written,
        async save(time) {
          if (state.isBroken) throw new Error('disk full');
          state.written = time;
          state.saves++;
        },
      },
      latestAt: latestAt(clock.now()),
      clock,
      isToSave: () => state.isToSave,
      log: {
        info: (_details, message) => void said.push(`info ${message}`),
        warn: (_details, message) => void said.push(`warn ${message}`),
      },
    });
  const pass = async (ms: number): Promise<void> => {
    clock.skip(ms);
    for (let i = 0; i < 5; i++) await setImmediate();
  };
  return { clock, state, said, start, pass };
}

it('a clock that jumps ahead is told of within seconds, also after a restart, and when it is back', async () => {
  const { clock, state, said, start, pass } = await open(() => 0);
  const before = await start();
  await pass(10_000);
  expect(said).toEqual([]);
  const saves = state.saves;
  clock.set(30 * day);
  await pass(10_000);
  expect(said).toEqual([expect.stringMatching(/^warn The clock jumped ahead/)]);
  // So that a crash forgets nothing.
  expect(state.saves).toBe(saves + 1);
  expect(state.written?.doubt).toMatchObject({ aheadMs: 30 * day });
  await before.close();
  const after = await start();
  await pass(10_000);
  expect(said.slice(1)).toEqual([
    expect.stringMatching(/^info The clock is later than what was stored last/),
  ]);
  expect(after.trusted.doubt).toMatchObject({ aheadMs: 30 * day });
  clock.set(-30 * day);
  await pass(10_000);
  expect(said.slice(2)).toEqual([expect.stringMatching(/^info The clock is believed again/)]);
  await after.close();
});

it('a store with nothing in it believes the clock', async () => {
  const { start, clock } = await open(() => sequenceTime(0));
  const follower = await start();
  expect(follower.trusted.now()).toBe(clock.now());
  await follower.close();
});

it('where nothing was written down yet, the newest of what is stored tells', async () => {
  const { start, clock } = await open((now) => now - 3 * day);
  const follower = await start();
  expect(follower.trusted.now()).toBe(clock.now() - 3 * day);
  await follower.close();
});

it('how late it is, is written down every ten minutes and at the end, and again where the disk refused it', async () => {
  const { clock, state, said, start, pass } = await open(() => 0);
  const follower = await start();
  await pass(0);
  for (let i = 0; i < 59; i++) await pass(10_000);
  expect(state.saves).toBe(1);
  state.isBroken = true;
  await pass(10_000);
  expect(said).toEqual([expect.stringContaining('could not be written down')]);
  state.isBroken = false;
  await pass(600_000);
  expect(state.saves).toBe(2);
  await pass(5_000);
  await follower.close();
  expect(state.written?.at).toBe(clock.now());
});

it('of several processes, one writes it down', async () => {
  const { state, start, pass } = await open(() => 0);
  state.isToSave = false;
  const follower = await start();
  await pass(600_000);
  expect(state.saves).toBe(0);
  state.isToSave = true;
  await pass(10_000);
  expect(state.saves).toBe(1);
  state.isToSave = false;
  await follower.close();
  expect(state.saves).toBe(1);
});

it('a process that hands over writes it down for the next one, and no more when it ends', async () => {
  const { state, start, pass } = await open(() => 0);
  const { handOver, trusted, close } = await start();
  await pass(10_000);
  const { saves } = state;
  await pass(60_000);
  state.isToSave = false;
  await handOver();
  expect([state.saves, state.written?.at]).toEqual([saves + 1, trusted.time.at]);
  await close();
  expect(state.saves).toBe(saves + 1);
});
