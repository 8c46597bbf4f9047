import { describe, expect, it } from 'vitest';
import { breakerPolicy } from './breaker.ts';
import { createHealth, type Health, type HealthChange } from './health.ts';

const start = 1_000_000;
const day = 24 * 3_600_000;
const { minAnswers } = breakerPolicy;

const create = (knownFailingSince: number | null = null): Health =>
  createHealth(() => 0.5, 5 * day, knownFailingSince);

/** Requests one after another, a second apart, each when the breaker lets it; gives the changes and when the last ended. */
function answer(health: Health, answers: readonly boolean[], from = start) {
  const changes: HealthChange[] = [];
  let now = from;
  for (const success of answers) {
    now = Math.max(now, health.breaker.readyAt(now) ?? now);
    const change = health.ended(health.breaker.started(), success, now);
    if (change) changes.push(change);
    now += 1_000;
  }
  return { changes, now };
}

const failures = (count: number): boolean[] => Array.from({ length: count }, () => false);

describe('an endpoint that fails', () => {
  it('is told of once, when the breaker opens, with its first failure', () => {
    const health = create();
    expect(answer(health, failures(minAnswers - 1)).changes).toEqual([]);
    expect(health.failingSince).toBe(start);
    const { changes } = answer(health, failures(20), start + 60_000);
    expect(changes).toEqual([{ kind: 'failing', since: start }]);
  });

  it('is well again with the success of a probe, which is told of with when it began to fail', () => {
    const health = create();
    const { now } = answer(health, failures(12));
    expect(answer(health, [true, true], now).changes).toEqual([{ kind: 'recovered', since: start }]);
    expect(health.failingSince).toBeNull();
  });

  it('is not taken for well by a success of what left before the breaker opened', () => {
    const health = create();
    const early = health.breaker.started();
    const { now } = answer(health, failures(minAnswers));
    expect(health.ended(early, true, now)).toBeNull();
    expect(health.breaker.state).toBe('open');
  });

  it('tells of its recovery although such a success came between', () => {
    const health = create();
    const early = health.breaker.started();
    const { now } = answer(health, failures(minAnswers));
    health.ended(early, true, now);
    expect(answer(health, [true], now).changes).toEqual([{ kind: 'recovered', since: start }]);
  });

  it('counts from the first failure after the last success', () => {
    const health = create();
    answer(health, [false, true]);
    expect(health.failingSince).toBeNull();
    answer(health, [false], start + 5_000);
    expect(health.failingSince).toBe(start + 5_000);
  });

  it('is told of again when it fails again after it was well', () => {
    const health = create();
    const first = answer(health, [...failures(minAnswers), true]);
    expect(answer(health, failures(minAnswers), first.now).changes).toEqual([
      { kind: 'failing', since: first.now },
    ]);
  });
});

describe('an endpoint that does nothing but fail', () => {
  it('is dead after the time set, not before', () => {
    const health = create();
    answer(health, failures(minAnswers));
    expect(answer(health, [false], start + 5 * day - 1).changes).toEqual([]);
    expect(answer(health, [false], start + 5 * day + 600_000).changes).toEqual([
      { kind: 'dead', since: start },
    ]);
  });

  it('is not dead by a few failures with quiet days between', () => {
    const health = create();
    for (let i = 0; i < minAnswers - 1; i++)
      expect(answer(health, [false], start + i * 5 * day).changes).toEqual([]);
    expect(answer(health, [false], start + 50 * day).changes).toEqual([{ kind: 'dead', since: start }]);
  });

  it('begins anew with each success', () => {
    const health = create();
    const { now } = answer(health, [...failures(minAnswers), true]);
    expect(answer(health, failures(minAnswers), now + 5 * day).changes).toMatchObject([{ kind: 'failing' }]);
  });

  it('begins anew when its owner changed something', () => {
    const health = create();
    answer(health, failures(minAnswers));
    health.reset();
    expect([health.failingSince, health.breaker.state]).toEqual([null, 'closed']);
    expect(answer(health, failures(minAnswers), start + 5 * day).changes).toEqual([
      { kind: 'failing', since: start + 5 * day },
    ]);
  });
});

describe('what was known before a restart', () => {
  it('is that it fails: not told again, and dead once it has failed often enough since, told once', () => {
    const health = create(start - 5 * day);
    expect(health.failingSince).toBe(start - 5 * day);
    expect(answer(health, failures(9)).changes).toEqual([]);
    expect(answer(health, failures(2)).changes).toEqual([{ kind: 'dead', since: start - 5 * day }]);
    const younger = create(start - day);
    expect(answer(younger, failures(minAnswers)).changes).toEqual([]);
  });

  it('is told as recovered at the first success', () => {
    expect(answer(create(start - day), [true]).changes).toEqual([{ kind: 'recovered', since: start - day }]);
  });
});
