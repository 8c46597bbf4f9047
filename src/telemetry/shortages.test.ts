import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createShortages, type Shortages } from './shortages.ts';

let clock: ManualClock;
let shortages: Shortages;
let lines: string[];
beforeEach(() => {
  clock = createManualClock();
  lines = [];
  const write = (fields: object, message: string) => void lines.push(`${JSON.stringify(fields)} ${message}`);
  shortages = createShortages({ clock, log: { warn: write, info: write } });
});
afterEach(() => shortages.close());

describe('shortages of the machine', () => {
  it('are told once with what to do, again every ten minutes while they last, and when they are over', () => {
    for (let second = 0; second < 25 * 60; second++) {
      for (let i = 0; i < 10; i++) shortages.met('files');
      clock.advance(1_000);
    }
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/"shortage":"files".*LimitNOFILE=.*no attempt/);
    clock.advance(60_000);
    expect(shortages.current()).toBeNull();
    expect(lines.slice(3)).toEqual([expect.stringContaining('enough again')]);
    shortages.met('files');
    expect(lines).toHaveLength(5);
  });

  it('are counted each, and the one met last is the current one', () => {
    const since = clock.now();
    shortages.met('files');
    clock.advance(10);
    shortages.met('ports');
    clock.advance(10);
    shortages.met('files');
    expect(shortages.counts).toEqual({ files: 2, ports: 1, memory: 0, lookups: 0, way_out: 0 });
    expect(shortages.current()).toEqual({ of: 'files', since, lastAt: since + 20 });
    expect(lines).toHaveLength(2);
  });
});
