import { describe, expect, it } from 'vitest';
import { ThreadError } from '../../core/threads/thread-error.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { isDamage } from '../sqlite/writer/damage.ts';
import { createWriteWatch } from './write-health.ts';

const full = new ThreadError('database or disk is full', { code: 'ERR_SQLITE_ERROR', sqliteCode: 13 });

function openWatch() {
  const clock = createManualClock();
  let probes = 0;
  const told: (string | null)[] = [];
  const watch = createWriteWatch(clock, () => probes++, { isDamage });
  watch.onChange(({ problem }) => told.push(problem));
  return { clock, watch, told, probes: () => probes };
}

describe('the watch over commits', () => {
  it('says why they fail, and that they work again when one does', () => {
    const { clock, watch, told } = openWatch();
    watch.worked();
    expect(watch.health).toMatchObject({ problem: null, failingSince: null, failures: 0 });
    const at = clock.now();
    watch.failed(full);
    clock.advance(500);
    watch.failed(full);
    expect(watch.health).toMatchObject({ problem: full.message, failingSince: at, failures: 2 });
    watch.worked();
    expect(watch.health).toMatchObject({ problem: null, failingSince: null, failures: 2 });
    expect(told).toEqual([full.message, full.message, null]);
  });

  it('tries by itself every second until one works, and not before one has failed', () => {
    const { clock, watch, probes } = openWatch();
    clock.advance(10_000);
    expect(probes()).toBe(0);
    watch.failed(full);
    clock.advance(1_000);
    expect(probes()).toBe(1);
    watch.failed(full);
    clock.advance(1_000);
    expect(probes()).toBe(2);
    watch.worked();
    clock.advance(10_000);
    expect(probes()).toBe(2);
    expect(clock.waiting).toBe(0);
  });

  it.each([11, 26, 11 + 256])('takes a damaged database (%i) for damaged until the next start', (code) => {
    const { clock, watch, probes } = openWatch();
    watch.failed(
      new ThreadError('database disk image is malformed', { code: 'ERR_SQLITE_ERROR', sqliteCode: code }),
    );
    watch.worked();
    clock.advance(10_000);
    expect(watch.health.problem).toBe('database disk image is malformed');
    expect(probes()).toBe(0);
  });

  it('sets no timer any more once it is closed', () => {
    const { clock, watch } = openWatch();
    watch.failed(full);
    watch.close();
    watch.failed(full);
    expect(clock.waiting).toBe(0);
  });
});
