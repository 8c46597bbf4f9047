import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ForgetPlace, ForgetTimes } from '../stores/ports/forgetting.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { forgetOld } from './forget-old.ts';

const keep = { payloadDays: 30, logDays: 400 };
const minute = 60_000;

function open() {
  const clock = createManualClock();
  const began = clock.now();
  const asked: { readonly at: number; readonly place: ForgetPlace; readonly times: ForgetTimes }[] = [];
  const told: unknown[] = [];
  const warned: string[] = [];
  const state = { refuse: false };
  const end = forgetOld({
    clock,
    trusted: clock,
    times: { keep, auditDays: 90 },
    log: { info: (details) => void told.push(details), warn: (_, message) => void warned.push(message) },
    forgetting: {
      async step(place, times) {
        asked.push({ at: clock.now() - began, place, times });
        if (state.refuse) throw new Error('disk full');
        const kind = place?.kind ?? 0;
        return {
          what: kind === 2 ? 'tasks' : 'links',
          gone: kind,
          next: kind < 2 ? { kind: kind + 1, after: [] } : null,
        };
      },
    },
  });
  async function pass(ms: number): Promise<readonly number[]> {
    await setImmediate();
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(Math.min(50, left));
      await setImmediate();
    }
    return asked.map(({ at }) => at);
  }
  return { clock, asked, told, warned, state, end, pass };
}

it('what is old is taken away a minute after the start, piece by piece with rests, and every hour', async () => {
  const { asked, told, pass, clock } = open();
  expect(await pass(minute + 200)).toEqual([60_000, 60_050, 60_100]);
  expect(asked[0]).toMatchObject({ place: null, times: { keep, auditDays: 90 } });
  expect(asked[1]?.place).toEqual({ kind: 1, after: [] });
  expect(told).toEqual([{ gone: { links: 1, tasks: 2 } }]);
  clock.advance(60 * minute);
  await pass(200);
  expect(asked).toHaveLength(6);
  expect(asked[3]).toMatchObject({ place: null, times: { now: clock.now() - 200 } });
});

it('what could not be taken away is tried again in an hour, from there on', async () => {
  const { asked, warned, state, pass, clock } = open();
  await pass(minute);
  state.refuse = true;
  await pass(500);
  expect([asked.length, warned.length]).toEqual([2, 1]);
  state.refuse = false;
  clock.advance(60 * minute);
  await pass(100);
  expect(asked[2]?.place).toEqual({ kind: 1, after: [] });
});

it('what is old stays when the gateway stops', async () => {
  const { asked, end, pass, clock } = open();
  await pass(minute);
  await end();
  await pass(minute);
  expect([asked.length, clock.waiting]).toEqual([1, 0]);
});
