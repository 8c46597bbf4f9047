import { describe, expect, it } from 'vitest';
import type { HealthChange } from '../../core/delivery-observer.ts';
import { breakerPolicy } from './breaker.ts';
import { Health, type HealthAnswer } from './health.ts';

const start = 1_000_000;
const day = 24 * 3_600_000;
const { minAnswers } = breakerPolicy;

const well: HealthAnswer = { sign: 'well', isRetry: false };
const failed: HealthAnswer = { sign: 'failed', isRetry: false };
const refused: HealthAnswer = { sign: 'refused', isRetry: false };
const timedOut: HealthAnswer = { sign: 'timed_out', isRetry: false };
const again = (answer: HealthAnswer): HealthAnswer => ({ ...answer, isRetry: true });

const create = (knownFailingSince: number | null = null): Health =>
  new Health({ random: () => 0.5, deadAfterMs: 5 * day, knownFailingSince });

/** Requests one after another, a second apart, each when the breaker lets it; gives the changes and when the last ended. */
function answer(health: Health, answers: readonly (boolean | HealthAnswer)[], from = start, apartMs = 1_000) {
  const changes: HealthChange[] = [];
  let now = from;
  for (const one of answers) {
    const said = one === true ? well : one === false ? failed : one;
    now = Math.max(now, health.breaker.readyAt(now) ?? now);
    const change = health.ended(health.breaker.started(), said, now);
    if (change) changes.push(change);
    now += apartMs;
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
    expect(health.ended(early, well, now)).toBeNull();
    expect(health.breaker.state).toBe('open');
  });

  it('tells of its recovery although such a success came between', () => {
    const health = create();
    const early = health.breaker.started();
    const { now } = answer(health, failures(minAnswers));
    health.ended(early, well, now);
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

describe('an endpoint that refuses reports', () => {
  it('keeps its breaker closed, however many it refuses among those that it takes', () => {
    for (const every of [2, 3]) {
      const health = create();
      const answers = Array.from({ length: 600 }, (_, i) => (i % every === 0 ? refused : well));
      expect(answer(health, answers, start, 10).changes).toEqual([]);
      // Of its answers two thirds are refusals now: the same reports again.
      const retried = answers.flatMap((one) => (one === refused ? [again(one), again(one)] : [well]));
      expect(answer(health, retried, start, 10).changes).toEqual([]);
      expect(health.breaker.state).toBe('closed');
    }
  });

  it('is told of when it takes nothing, and its breaker stays closed', () => {
    const health = create();
    const { changes } = answer(
      health,
      Array.from({ length: 12 }, () => refused),
    );
    expect(changes).toEqual([{ kind: 'failing', since: start }]);
    expect(health.breaker.state).toBe('closed');
    expect(answer(health, [well], start + 60_000).changes).toEqual([{ kind: 'recovered', since: start }]);
  });

  it('is not told of for a moment in which it refused many', () => {
    const health = create();
    const many = Array.from({ length: 30 }, () => refused);
    expect(answer(health, [...many, well, ...many], start, 40).changes).toEqual([]);
  });

  it('is not told of because one report is refused again and again, unless that is all for an hour', () => {
    const health = create();
    expect(answer(health, [refused, ...Array.from({ length: 11 }, () => again(refused))]).changes).toEqual(
      [],
    );
    expect(answer(health, [again(refused)], start + 3_600_000).changes).toMatchObject([{ kind: 'failing' }]);
  });

  it('is dead after days of it', () => {
    const health = create();
    answer(
      health,
      Array.from({ length: 12 }, () => refused),
    );
    expect(answer(health, [again(refused)], start + 5 * day).changes).toEqual([
      { kind: 'dead', since: start },
    ]);
  });

  it('is well again when a probe is refused', () => {
    const health = create();
    const { now } = answer(health, failures(minAnswers));
    expect(health.breaker.state).toBe('open');
    answer(health, [refused], now);
    expect(health.breaker.state).toBe('closed');
    // Nothing was delivered, so its owner is not told that it is well.
    expect(health.failingSince).toBe(start);
    expect(answer(health, [well], now + 60_000).changes).toMatchObject([{ kind: 'recovered' }]);
  });
});

describe('reports that fail again', () => {
  it('do not count while the endpoint takes others', () => {
    const health = create();
    const answers = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? well : again(failed)));
    expect(answer(health, answers, start, 100).changes).toEqual([]);
    expect(health.breaker.state).toBe('closed');
  });

  it('count when it has taken none for ten seconds', () => {
    const health = create();
    answer(health, [well]);
    answer(
      health,
      Array.from({ length: 8 }, () => again(failed)),
      start + 11_000,
    );
    expect(health.breaker.state).toBe('closed');
    answer(health, [again(failed)], start + 20_000);
    expect(health.breaker.state).toBe('open');
  });
});

describe('time-outs', () => {
  it('open the breaker after half as many as errors', () => {
    const health = create();
    answer(
      health,
      Array.from({ length: minAnswers / 2 - 1 }, () => timedOut),
    );
    expect(health.breaker.state).toBe('closed');
    answer(health, [timedOut]);
    expect(health.breaker.state).toBe('open');
  });
});

describe('an endpoint that was well in between', () => {
  it('is not dead because of failures of before', () => {
    const health = create();
    const { now } = answer(health, [...failures(9), well, failed]);
    expect(answer(health, failures(1), now + 6 * day).changes).toEqual([]);
  });
});
