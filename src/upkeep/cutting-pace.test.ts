import { describe, expect, it } from 'vitest';
import type { ClockProgress } from '../stores/ports/retention.ts';
import { createCuttingPace } from './cutting-pace.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const done: ClockProgress = { doneUpTo: null, behindMs: 0, left: 0 };

interface World {
  /** Events that become due, a second. */
  readonly rate: number;
  /** What one takes of the writer, ms. */
  readonly costMs: number;
  readonly behindMs: number;
}

/** A busy platform, whose events came as fast as they do now; gives how far it is behind and the share of the writer, by the minute. */
function play({ rate, costMs, behindMs }: World, lastsMs: number): { behindMs: number; share: number }[] {
  let now = 0;
  let behind = behindMs;
  const pace = createCuttingPace(() => now);
  const minutes: { behindMs: number; share: number }[] = [];
  let spent = 0;
  while (now < lastsMs) {
    const tookMs = pace.mostMs;
    const rest = pace.restAfter({
      isBusy: true,
      tookMs,
      progress: { payload: { ...done, behindMs: behind }, log: done },
    });
    spent += tookMs;
    now += tookMs + rest;
    behind = Math.max(0, behind + tookMs + rest - (tookMs / costMs / rate) * 1000);
    if (now >= (minutes.length + 1) * minute) {
      minutes.push({ behindMs: behind, share: spent / minute });
      spent = 0;
    }
  }
  return minutes;
}

describe('the pace of cutting', () => {
  it('is a hundredth of the writer while others write, in pieces of 2 ms, where a backlog becomes less by that', () => {
    const minutes = play({ rate: 100, costMs: 0.02, behindMs: 90 * day }, 6 * hour);
    expect(Math.max(...minutes.map(({ share }) => share))).toBeLessThan(0.0105);
    expect(minutes.at(-1)?.behindMs).toBeLessThan(90 * day - 20 * hour);
    const pace = createCuttingPace(() => 0);
    pace.restAfter({ isBusy: true, tookMs: 2, progress: { payload: done, log: done } });
    expect(pace.mostMs).toBe(2);
  });

  it.each([
    ['contents are cut', 5_000, 0.02],
    ['much is written for each', 2_000, 0.08],
  ])('becomes as much as it must where %s more slowly than they come, and no more', (_what, rate, costMs) => {
    const minutes = play({ rate, costMs, behindMs: 0 }, 8 * hour);
    const late = minutes.slice(-4 * 60);
    const needed = (rate * costMs) / 1000;
    const mean = late.reduce((sum, { share }) => sum + share, 0) / late.length;
    expect(mean).toBeGreaterThan(needed * 0.95);
    expect(mean).toBeLessThan(needed * 1.1);
    expect(Math.max(...late.map(({ behindMs }) => behindMs))).toBeLessThan(10 * minute);
  });

  it('becomes more where a backlog of days would not become less, so that a day of it is gone in two', () => {
    const minutes = play({ rate: 1_000, costMs: 0.04, behindMs: 3 * day }, day);
    expect(minutes.at(-1)?.behindMs).toBeLessThan(3 * day - 11 * hour);
    expect(Math.max(...minutes.slice(60).map(({ share }) => share))).toBeLessThan(0.1);
  });

  it('is at most a quarter of the writer while others write', () => {
    const minutes = play({ rate: 100_000, costMs: 0.02, behindMs: day }, hour);
    expect(minutes.at(-1)?.share).toBeGreaterThan(0.24);
    expect(Math.max(...minutes.map(({ share }) => share))).toBeLessThan(0.26);
  });

  it('follows each clock by itself', () => {
    let now = 0;
    const pace = createCuttingPace(() => now);
    let payload = 10 * day;
    const rests: number[] = [];
    for (let i = 0; i < 20; i++) {
      now += 10_000;
      payload += 1_000;
      const progress = {
        payload: { ...done, behindMs: payload },
        log: { ...done, behindMs: 90 * day - i * hour },
      };
      rests.push(pace.restAfter({ isBusy: true, tookMs: 2, progress }));
    }
    expect(rests.at(-1)).toBeLessThan((rests[0] ?? 0) / 10);
  });

  it('is half of the writer, in longer pieces, while nobody else writes', () => {
    const pace = createCuttingPace(() => 0);
    const piece = { isBusy: false, tookMs: 8, progress: { payload: done, log: done } };
    expect(pace.restAfter(piece)).toBe(8);
    expect(pace.mostMs).toBe(8);
    expect(pace.restAfter({ ...piece, tookMs: 0.1 })).toBe(5);
  });
});
