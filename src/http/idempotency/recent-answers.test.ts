import { describe, expect, it } from 'vitest';
import type { KeptAnswer } from '../../stores/ports/kept-answers.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createRecentAnswers, mostBytes, mostBytesOfScope, recentForMs } from './recent-answers.ts';

const mebibyte = 1024 * 1024;

function open() {
  const clock = createManualClock();
  const recent = createRecentAnswers(clock);
  const keep = (scope: string, key: string, bytes = 0): void => {
    const body = 'x'.repeat(bytes / 2);
    const answer: KeptAnswer = {
      scope,
      key,
      fingerprint: 'f',
      status: 201,
      location: null,
      body,
      at: clock.now(),
    };
    recent.keep(answer);
  };
  const has = (scope: string, key: string): boolean => recent.find(scope, key) !== null;
  return { clock, keep, has };
}

describe('answers in memory', () => {
  it('are found by account and key for ten minutes, the latest of a key', () => {
    const { clock, keep, has } = open();
    keep('acc_1', 'a');
    expect([has('acc_1', 'a'), has('acc_2', 'a'), has('acc_1', 'b')]).toEqual([true, false, false]);
    clock.advance(recentForMs - 1);
    keep('acc_2', 'a');
    expect(has('acc_1', 'a')).toBe(true);
    clock.advance(1);
    expect([has('acc_1', 'a'), has('acc_2', 'a')]).toEqual([false, true]);
    keep('acc_1', 'a');
    expect(has('acc_1', 'a')).toBe(true);
  });

  it("of one account give way to its own later ones, and to nobody else's", () => {
    const { keep, has } = open();
    keep('other', 'first');
    const most = mostBytesOfScope / mebibyte;
    for (let i = 0; i < most + 2; i++) keep('acc_1', `${i}`, mebibyte);
    expect(has('other', 'first')).toBe(true);
    expect([has('acc_1', '0'), has('acc_1', '2'), has('acc_1', `${most + 1}`)]).toEqual([false, false, true]);
    expect(has('acc_1', '3')).toBe(true);
  });

  it('of all together give way by age', () => {
    const { keep, has } = open();
    const accounts = mostBytes / (4 * mebibyte) + 1;
    for (let i = 0; i < accounts; i++) keep(`acc_${i}`, 'a', 4 * mebibyte);
    expect([has('acc_0', 'a'), has('acc_1', 'a'), has(`acc_${accounts - 1}`, 'a')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('cost the same whoever has many that are older', () => {
    const { keep } = open();
    for (let i = 0; i < 40_000; i++) keep(`acc_${i % 10}`, `${i}`);
    for (let i = 0; i < 20_000; i++) keep('busy', `${i}`);
    const before = process.threadCpuUsage();
    for (let i = 0; i < 5_000; i++) keep('busy', `more ${i}`);
    const { user, system } = process.threadCpuUsage(before);
    // Looking at those of the others took 1.8 s.
    expect((user + system) / 1000).toBeLessThan(600);
  });
});
