import { describe, expect, it } from 'vitest';
import { Pause } from './pause.ts';

const now = 1_000_000;
const hour = 3_600_000;

describe('a pause', () => {
  it('lasts until its end, and is none before it was begun', () => {
    const pause = new Pause();
    expect(pause.endsAt(now)).toBeLessThan(now);
    pause.extend(now, now + 100);
    expect([now, now + 99].map((at) => pause.endsAt(at))).toEqual([now + 100, now + 100]);
    expect(pause.endsAt(now + 100)).toBeLessThanOrEqual(now + 100);
  });

  it('becomes longer, but not shorter', () => {
    const pause = new Pause();
    pause.extend(now, now + 100);
    pause.extend(now + 10, now + 200);
    pause.extend(now + 20, now + 30);
    expect(pause.endsAt(now + 50)).toBe(now + 200);
  });

  it('is over when it is ended', () => {
    const pause = new Pause();
    pause.extend(now, now + 100);
    pause.end();
    expect(pause.endsAt(now)).toBeLessThan(now);
  });

  it('begins anew where the clock is set back to, and is then as long as before', () => {
    const pause = new Pause();
    pause.extend(now, now + 100);
    expect(pause.endsAt(now + 60)).toBe(now + 100);
    expect(pause.endsAt(now - hour)).toBe(now - hour + 100);
    expect(pause.endsAt(now - hour + 99)).toBe(now - hour + 100);
    expect(pause.endsAt(now - hour + 100)).toBeLessThanOrEqual(now - hour + 100);
  });

  it('stays over when the clock is set back later', () => {
    const pause = new Pause();
    pause.extend(now, now + 100);
    pause.endsAt(now + 100);
    expect(pause.endsAt(now - hour)).toBeLessThan(now - hour);
  });

  it('becomes longer by the clock as it is now', () => {
    const pause = new Pause();
    pause.extend(now, now + 100);
    pause.extend(now - hour, now - hour + 150);
    expect(pause.endsAt(now - hour)).toBe(now - hour + 150);
  });
});
