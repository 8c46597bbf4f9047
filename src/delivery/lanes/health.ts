import type { HealthChange } from '../../core/delivery-observer.ts';
import type { HealthSign } from '../health-sign.ts';
import { type Breaker, type BreakerOptions, createBreaker } from './breaker.ts';

/** An answer, as health reads it. */
export interface HealthAnswer {
  readonly sign: HealthSign;
  /** All that was in the request had failed before. */
  readonly isRetry: boolean;
}

/**
 * How a webhook's endpoint is doing: for its lane, which rests while the endpoint fails (the breaker), and for people.
 *
 * ```text
 * well ──▸ failing ──▸ recovered (delivered, with the breaker closed) ──▸ well
 *             └──▸ dead (nothing delivered for days, whatever the answers)
 * ```
 * Failing: the breaker opened; or ten reports in a row were refused, for some seconds; or for an hour nothing was delivered. A report
 * that is refused stops no other, so the breaker takes a refusal for an answer like any. It makes up its mind by first
 * attempts while the endpoint is well: reports that fail come again and again, so that one in three by whose fault the
 * endpoint fails made up two thirds of its answers.
 */
export interface Health {
  readonly breaker: Breaker;
  /** The first failure after the last success. */
  readonly failingSince: number | null;
  /** It took or refused something within the last minute, and nothing since then makes that doubtful. */
  isProved(now: number): boolean;
  /** Whether an answer says something of the endpoint, other than that it failed a report once more. */
  counts(answer: HealthAnswer, now: number): boolean;
  /** Notes an answer; gives what changed by it. */
  ended(kind: 'normal' | 'probe', answer: HealthAnswer, now: number): HealthChange | null;
  /** The owner changed something or switched it on again: what was before does not count. */
  reset(): void;
}

/** So many failures in a row at least make a webhook dead: one failure before and one after a quiet week do not. */
const fewestFailures = 10;
/** Refusals in a row are told of when nothing was delivered for so long: a busy endpoint may not know ten in a row. */
const refusingMs = 3_000;
/** Where little comes, nothing but failures for so long is told of. */
const longMs = 3_600_000;
/** An endpoint that took or refused a report within this time is there: what fails again says nothing new. */
const latelyMs = 10_000;
/** An answer proves an endpoint for so long. */
const provedMs = 60_000;
/** So many failures since its last answer make it doubtful, or one time-out. */
const fewestDoubts = 3;
/** A time-out as an answer of the breaker. */
const timeoutWeight = 2;

export interface HealthOptions extends BreakerOptions {
  /** How long nothing but failures makes it dead. */
  readonly deadAfterMs: number;
  /** Since when it failed before a restart. */
  readonly knownFailingSince?: number | null;
}

export function createHealth({ deadAfterMs, knownFailingSince = null, ...options }: HealthOptions): Health {
  const breaker = createBreaker(options);
  let failingSince = knownFailingSince;
  let announced = knownFailingSince !== null;
  let failures = 0;
  /** First attempts that were refused since something was delivered. */
  let refusals = 0;
  let wellAt = Number.NEGATIVE_INFINITY;
  let dead = false;
  /** Failures since it was last known to be there. */
  let doubts = 0;

  function begin(): void {
    failingSince = null;
    announced = false;
    failures = 0;
    refusals = 0;
    dead = false;
  }

  function counts({ sign, isRetry }: HealthAnswer, now: number): boolean {
    // A clock that was set back makes it longer ago, at most.
    const wellLately = now >= wellAt && now - wellAt < latelyMs;
    return !(isRetry && wellLately && (sign === 'failed' || sign === 'timed_out'));
  }

  function succeeded(): HealthChange | null {
    // A success of a request that left before the breaker opened does not say that it is well again.
    if (breaker.state !== 'closed') return null;
    const since = failingSince;
    const wasAnnounced = announced;
    begin();
    return wasAnnounced && since !== null ? { kind: 'recovered', since } : null;
  }

  function failed({ sign, isRetry }: HealthAnswer, now: number): HealthChange | null {
    failures++;
    if (sign === 'refused' && !isRetry) refusals++;
    failingSince ??= now;
    if (!dead && failures >= fewestFailures && now - failingSince >= deadAfterMs) {
      dead = true;
      return { kind: 'dead', since: failingSince };
    }
    const forMs = now - failingSince;
    const refuses = refusals >= fewestFailures && forMs >= refusingMs;
    const forLong = failures >= fewestFailures && forMs >= longMs;
    if (announced || !(breaker.state !== 'closed' || refuses || forLong)) return null;
    announced = true;
    return { kind: 'failing', since: failingSince };
  }

  return {
    breaker,
    get failingSince() {
      return failingSince;
    },
    isProved: (now) =>
      breaker.state === 'closed' && doubts < fewestDoubts && now >= wellAt && now - wellAt < provedMs,
    counts,
    ended(kind, answer, now) {
      const { sign } = answer;
      const isThere = sign === 'well' || sign === 'refused' || sign === 'busy';
      if (kind === 'probe' || counts(answer, now)) {
        breaker.ended(kind, isThere, now, sign === 'timed_out' ? timeoutWeight : 1);
        doubts += sign === 'timed_out' ? fewestDoubts : 1;
      }
      if (isThere) {
        wellAt = now;
        doubts = 0;
      }
      return sign === 'well' ? succeeded() : failed(answer, now);
    },
    reset() {
      breaker.reset();
      begin();
      wellAt = Number.NEGATIVE_INFINITY;
    },
  };
}
