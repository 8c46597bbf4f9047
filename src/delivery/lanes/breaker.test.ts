import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breaker, breakerPolicy } from './breaker.ts';

const { window, minAnswers, firstOpenMs, longestOpenMs } = breakerPolicy;
const start = 1_000_000;
/** Stays open exactly as long as planned. */
const noJitter = () => 0.5;

/** Ordinary requests, each started and answered at once. */
function answer(breaker: Breaker, answers: readonly boolean[], at = start): void {
  for (const success of answers) breaker.ended(breaker.started(), success, at);
}

const times = (count: number, success: boolean): boolean[] => Array.from({ length: count }, () => success);

/** A breaker that opened at `start`. */
function openBreaker(random = noJitter): Breaker {
  const breaker = new Breaker({ random });
  answer(breaker, times(minAnswers, false));
  return breaker;
}

/** Lets a probe through as soon as one may start, and fails it; gives how long that took. */
function failProbe(breaker: Breaker, now: number): number {
  const at = breaker.readyAt(now) ?? Number.NaN;
  expect([breaker.mayStart(at - 1), breaker.mayStart(at)]).toEqual([false, true]);
  breaker.ended(breaker.started(), false, at);
  return at - now;
}

describe('a closed breaker', () => {
  it('does not judge before it has the fewest answers that count', () => {
    const breaker = new Breaker({ random: noJitter });
    answer(breaker, times(minAnswers - 1, false));
    expect([breaker.state, breaker.mayStart(start), breaker.readyAt(start)]).toEqual(['closed', true, start]);
    answer(breaker, [false]);
    expect([breaker.state, breaker.mayStart(start)]).toEqual(['open', false]);
  });

  it('bears failures that are fewer than half', () => {
    const breaker = new Breaker({ random: noJitter });
    for (let i = 0; i < 200; i++) answer(breaker, [i % 20 < 11]);
    expect(breaker.state).toBe('closed');
  });

  it('opens at half, whatever came before the last answers', () => {
    const breaker = new Breaker({ random: noJitter });
    answer(breaker, times(1_000, true));
    answer(breaker, times(window / 2 - 1, false));
    expect(breaker.state).toBe('closed');
    answer(breaker, [false]);
    expect(breaker.state).toBe('open');
  });

  it('opens exactly with a failure that makes half or more of the last answers, and enough of them, failures', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (answers) => {
        const breaker = new Breaker({ random: noJitter });
        for (const [i, success] of answers.entries()) {
          answer(breaker, [success]);
          const last = answers.slice(Math.max(0, i + 1 - window), i + 1);
          const failed = last.filter((one) => !one).length;
          const shouldOpen = !success && last.length >= minAnswers && failed * 2 >= last.length;
          expect(breaker.state).toBe(shouldOpen ? 'open' : 'closed');
          if (shouldOpen) return;
        }
      }),
    );
  });
});

describe('an open breaker', () => {
  it('lets one probe through when its time is up, and nothing else until that is answered', () => {
    const breaker = openBreaker();
    expect(breaker.readyAt(start)).toBe(start + firstOpenMs);
    expect(breaker.mayStart(start + firstOpenMs - 1)).toBe(false);
    expect(breaker.mayStart(start + firstOpenMs)).toBe(true);
    expect(breaker.started()).toBe('probe');
    expect([breaker.state, breaker.mayStart(start + 1e9), breaker.readyAt(start + 1e9)]).toEqual([
      'probing',
      false,
      null,
    ]);
  });

  it('closes with the success of its probe, and then judges anew', () => {
    const breaker = openBreaker();
    const at = start + firstOpenMs;
    breaker.ended(breaker.started(), true, at);
    expect([breaker.state, breaker.mayStart(at)]).toEqual(['closed', true]);
    answer(breaker, times(minAnswers - 1, false), at);
    expect(breaker.state).toBe('closed');
    answer(breaker, [false], at);
    expect(breaker.readyAt(at)).toBe(at + firstOpenMs);
  });

  it('stays open twice as long after each probe that fails, 5 minutes at most', () => {
    const breaker = openBreaker();
    const waits: number[] = [];
    for (let now = start, i = 0; i < 9; i++) {
      waits.push(failProbe(breaker, now));
      now += waits.at(-1) ?? 0;
    }
    const seconds = [5, 10, 20, 40, 80, 160, 300, 300, 300];
    expect(waits).toEqual(seconds.map((wait) => wait * 1000));
  });

  it('varies its times by 20 % at most, and does vary them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9 }), (draws) => {
        let drawn = 0;
        const breaker = openBreaker(() => draws[drawn++ % draws.length] ?? 0);
        for (let now = start, i = 0; i < 9; i++) {
          const planned = Math.min(firstOpenMs * 2 ** i, longestOpenMs);
          const waited = failProbe(breaker, now);
          expect(Math.abs(waited - planned)).toBeLessThanOrEqual(planned * 0.2);
          expect(waited).toBe(Math.round(planned * (0.8 + 0.4 * (draws[i % draws.length] ?? 0))));
          now += waited;
        }
      }),
    );
  });

  it('does not listen to answers to what started before it opened', () => {
    const breaker = new Breaker({ random: noJitter });
    const early = Array.from({ length: 30 }, () => breaker.started());
    answer(breaker, times(minAnswers, false));
    const reopensAt = breaker.readyAt(start);
    for (const [i, kind] of early.entries()) breaker.ended(kind, i % 2 === 0, start + 1_000);
    expect([breaker.state, breaker.readyAt(start + 1_000)]).toEqual(['open', reopensAt]);
    breaker.started();
    breaker.ended('normal', true, start + firstOpenMs);
    expect(breaker.state).toBe('probing');
  });

  it('is closed by whoever knows better, and forgets', () => {
    const breaker = openBreaker();
    failProbe(breaker, start);
    breaker.reset();
    expect([breaker.state, breaker.mayStart(start)]).toEqual(['closed', true]);
    answer(breaker, times(minAnswers, false));
    expect(breaker.readyAt(start)).toBe(start + firstOpenMs);
  });

  it('takes no answer to a probe from before it was reset', () => {
    const breaker = openBreaker();
    const kind = breaker.started();
    breaker.reset();
    breaker.ended(kind, false, start);
    expect(breaker.state).toBe('closed');
  });
});

describe('any breaker', () => {
  it('is never stuck: while nothing is under way it names a time, and a request may start then', () => {
    const step = fc.record({ waitMs: fc.nat({ max: 400_000 }), success: fc.boolean(), oldest: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const breaker = new Breaker({ random: noJitter });
        const underWay: ('normal' | 'probe')[] = [];
        let now = start;
        for (const { waitMs, success, oldest } of steps) {
          now += waitMs;
          if (breaker.mayStart(now)) underWay.push(breaker.started());
          expect(underWay.filter((kind) => kind === 'probe').length).toBeLessThanOrEqual(1);
          const kind = oldest ? underWay.shift() : undefined;
          if (kind) breaker.ended(kind, success, now);
          if (underWay.includes('probe')) continue;
          const at = breaker.readyAt(now);
          expect(at === null ? false : breaker.mayStart(at)).toBe(true);
        }
      }),
    );
  });
});

it('An open breaker lets a probe through as soon as ever when the clock is set back', () => {
  const breaker = openBreaker();
  const earlier = start - 500_000;
  expect(breaker.readyAt(earlier)).toBe(earlier + firstOpenMs);
  expect([breaker.mayStart(earlier + firstOpenMs - 1), breaker.mayStart(earlier + firstOpenMs)]).toEqual([
    false,
    true,
  ]);
});

describe('a success', () => {
  it('never opens it, however many answers before it failed', () => {
    const breaker = new Breaker({ random: noJitter });
    answer(breaker, [...times(minAnswers - 1, false), true]);
    expect(breaker.state).toBe('closed');
    answer(breaker, [false]);
    expect(breaker.state).toBe('open');
  });
});

describe('over a restart', () => {
  const known = { until: start + 40_000, trips: 4 };

  it('a breaker that was open stays so for as long as it would have, and then lets one probe through', () => {
    const breaker = new Breaker({ random: noJitter, known });
    expect([breaker.state, breaker.mayStart(start), breaker.readyAt(start)]).toEqual([
      'open',
      false,
      known.until,
    ]);
    expect(breaker.mayStart(known.until)).toBe(true);
    expect(breaker.started()).toBe('probe');
    expect(breaker.mayStart(known.until)).toBe(false);
  });

  it('its pauses go on growing, and a success closes it', () => {
    const heard: unknown[] = [];
    const breaker = new Breaker({ random: noJitter, known, onChange: (open) => heard.push(open) });
    const paused = firstOpenMs * 2 ** known.trips;
    failProbe(breaker, start);
    expect(failProbe(breaker, known.until)).toBe(paused);
    breaker.mayStart(known.until + 10 * paused);
    breaker.ended(breaker.started(), true, known.until + 10 * paused);
    expect(breaker.state).toBe('closed');
    expect(heard.at(0)).toEqual({ until: known.until + paused, trips: known.trips + 1 });
    expect(heard.at(-1)).toBe(null);
  });

  it('one whose time is over probes at once, and a clock that was set back stretches no pause', () => {
    const over = new Breaker({ random: noJitter, known: { until: start - 1, trips: 1 } });
    expect([over.mayStart(start), over.started()]).toEqual([true, 'probe']);
    const far = new Breaker({ random: noJitter, known: { until: start + 100 * longestOpenMs, trips: 1 } });
    expect(far.readyAt(start)).toBe(start + 1.2 * longestOpenMs);
  });

  it('a breaker that is reset or well is told of as closed once', () => {
    const heard: unknown[] = [];
    const breaker = new Breaker({ random: noJitter, known, onChange: (open) => heard.push(open) });
    breaker.reset();
    breaker.reset();
    answer(breaker, times(50, true));
    expect(heard).toEqual([null]);
  });
});
