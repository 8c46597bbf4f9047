import type { HealthChange } from '../../core/delivery-observer.ts';
import type { HealthSign } from '../health-sign.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';

/** An answer, as health reads it. */
export interface HealthAnswer {
  readonly sign: HealthSign;
  /** All that was in the request had failed before. */
  readonly isRetry: boolean;
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
export class Health {
  readonly breaker: Breaker;
  readonly #deadAfterMs: number;
  /** The first failure after the last success. */
  failingSince: number | null;
  #announced: boolean;
  #failures = 0;
  /** First attempts that were refused since something was delivered. */
  #refusals = 0;
  #wellAt = Number.NEGATIVE_INFINITY;
  #dead = false;
  /** Failures since it was last known to be there. */
  #doubts = 0;

  constructor({ deadAfterMs, knownFailingSince = null, ...options }: HealthOptions) {
    this.breaker = new Breaker(options);
    this.#deadAfterMs = deadAfterMs;
    this.failingSince = knownFailingSince;
    this.#announced = knownFailingSince !== null;
  }

  /** It took or refused something within the last minute, and nothing since then makes that doubtful. */
  isProved(now: number): boolean {
    const isLately = now >= this.#wellAt && now - this.#wellAt < provedMs;
    return isLately && this.#doubts < fewestDoubts && this.breaker.state === 'closed';
  }

  /** Whether an answer says something of the endpoint, other than that it failed a report once more. */
  counts({ sign, isRetry }: HealthAnswer, now: number): boolean {
    if (!isRetry || (sign !== 'failed' && sign !== 'timed_out')) return true;
    // A clock that was set back makes it longer ago, at most.
    return !(now >= this.#wellAt && now - this.#wellAt < latelyMs);
  }

  /** Notes an answer; gives what changed by it. */
  ended(kind: 'normal' | 'probe', answer: HealthAnswer, now: number): HealthChange | null {
    const { sign } = answer;
    const isThere = sign === 'well' || sign === 'refused' || sign === 'busy';
    if (kind === 'probe' || this.counts(answer, now)) {
      this.breaker.ended(kind, isThere, now, sign === 'timed_out' ? timeoutWeight : 1);
      this.#doubts += sign === 'timed_out' ? fewestDoubts : 1;
    }
    if (isThere) {
      this.#wellAt = now;
      this.#doubts = 0;
    }
    return sign === 'well' ? this.#succeeded() : this.#failed(answer, now);
  }

  /** The owner changed something or switched it on again: what was before does not count. */
  reset(): void {
    this.breaker.reset();
    this.#begin();
    this.#wellAt = Number.NEGATIVE_INFINITY;
  }

  #begin(): void {
    this.failingSince = null;
    this.#announced = false;
    this.#failures = 0;
    this.#refusals = 0;
    this.#dead = false;
  }

  #succeeded(): HealthChange | null {
    // A success of a request that left before the breaker opened does not say that it is well again.
    if (this.breaker.state !== 'closed') return null;
    const since = this.failingSince;
    const wasAnnounced = this.#announced;
    this.#begin();
    return wasAnnounced && since !== null ? { kind: 'recovered', since } : null;
  }

  #failed({ sign, isRetry }: HealthAnswer, now: number): HealthChange | null {
    this.#failures++;
    if (sign === 'refused' && !isRetry) this.#refusals++;
    this.failingSince ??= now;
    const since = this.failingSince;
    const forMs = now - since;
    const isRow = this.#failures >= fewestFailures;
    if (!this.#dead && isRow && forMs >= this.#deadAfterMs) {
      this.#dead = true;
      return { kind: 'dead', since };
    }
    const refuses = this.#refusals >= fewestFailures && forMs >= refusingMs;
    const forLong = isRow && forMs >= longMs;
    if (this.#announced || !(this.breaker.state !== 'closed' || refuses || forLong)) return null;
    this.#announced = true;
    return { kind: 'failing', since };
  }
}
