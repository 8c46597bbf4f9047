import type { OpenBreaker } from '../../core/delivery-observer.ts';
import { Pause } from './pause.ts';

export const breakerPolicy = {
  window: 20,
  minAnswers: 10,
  failureRatio: 0.5,
  firstOpenMs: 5_000,
  longestOpenMs: 300_000,
};
/** The longest time with its jitter. */
const longestPauseMs = breakerPolicy.longestOpenMs * 1.2;

/** How a breaker was, as it is kept over a restart. */
export type KeptBreaker = Pick<OpenBreaker, 'until' | 'trips'>;

export interface BreakerOptions {
  /** Yields 0 … 1; times that it stays open vary by ±20 %, so that lanes do not probe together. */
  readonly random: () => number;
  /** It was open before a restart. */
  readonly known?: KeptBreaker | null;
  /** It opened, opened again, or (`null`) closed. */
  readonly onChange?: (open: KeptBreaker | null) => void;
}

export type BreakerState = 'closed' | 'open' | 'probing';

/**
 * Keeps a lane from burning attempts on an endpoint that fails.
 *
 * ```text
 *            half or more of the last 20 answers (10 at least) failed
 * closed ───────────────────────────────────────────────────────────────▸ open (5 s)
 *   ▲                                                                      │ time is up
 *   │ success                                                              ▼
 *   └──────────────────────────── probing: one request ── failure ──▸ open (twice as long, at most 5 min)
 * ```
 * Answers to requests that started before it opened count for nothing while it is open. It hears of the endpoint's own
 * failures only, and a time-out counts as two: it costs a place under way for as long as the webhook waits.
 */
export class Breaker {
  readonly #random: () => number;
  readonly #onChange: BreakerOptions['onChange'];
  readonly #pause = new Pause();
  #state: BreakerState;
  #trips: number;
  /** The pause of before a restart, until it is first asked for. */
  #knownUntil: number | null;
  readonly #answers = new LastAnswers();

  constructor({ random, known = null, onChange }: BreakerOptions) {
    this.#random = random;
    this.#onChange = onChange;
    this.#state = known ? 'open' : 'closed';
    this.#trips = known?.trips ?? 0;
    this.#knownUntil = known?.until ?? null;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether a request may start now; an open breaker whose time is up lets one through. */
  mayStart(now: number): boolean {
    return this.#state === 'closed' || (this.#state === 'open' && now >= this.#openUntil(now));
  }

  /** When a request may start (ms since the Unix epoch); `null`: when the probe has been answered. */
  readyAt(now: number): number | null {
    if (this.#state === 'closed') return now;
    return this.#state === 'open' ? Math.max(now, this.#openUntil(now)) : null;
  }

  /** A request starts; gives what {@link Breaker.ended} wants to know about it. */
  started(): 'normal' | 'probe' {
    if (this.#state === 'closed') return 'normal';
    this.#state = 'probing';
    return 'probe';
  }

  /** @param weight as how many answers it counts */
  ended(kind: 'normal' | 'probe', success: boolean, now: number, weight = 1): void {
    if (kind === 'probe' && this.#state === 'probing') {
      if (success) this.reset();
      else this.#open(now);
    } else if (kind === 'normal' && this.#state === 'closed') this.#note(success, now, weight);
  }

  /** The request did not leave, through no fault of the endpoint's: as if it had not started. */
  withdrawn(kind: 'normal' | 'probe'): void {
    // Its pause is over, so the next request is the probe.
    if (kind === 'probe' && this.#state === 'probing') this.#state = 'open';
  }

  /** Forgets everything: the endpoint's configuration changed, or a person says that it is well. */
  reset(): void {
    const wasClosed = this.#state === 'closed';
    this.#state = 'closed';
    this.#answers.clear();
    this.#trips = 0;
    if (!wasClosed) this.#onChange?.(null);
  }

  #open(now: number): void {
    const { firstOpenMs, longestOpenMs } = breakerPolicy;
    const planned = Math.min(firstOpenMs * 2 ** this.#trips, longestOpenMs);
    const until = now + Math.round(planned * (0.8 + 0.4 * this.#random()));
    this.#knownUntil = null;
    this.#pause.end();
    this.#pause.extend(now, until);
    this.#state = 'open';
    this.#trips++;
    this.#answers.clear();
    this.#onChange?.({ until, trips: this.#trips });
  }

  /** The pause of before a restart begins when it is first asked for; it is no longer than one that begins now. */
  #openUntil(now: number): number {
    if (this.#knownUntil !== null) this.#pause.extend(now, Math.min(this.#knownUntil, now + longestPauseMs));
    this.#knownUntil = null;
    return this.#pause.endsAt(now);
  }

  #note(success: boolean, now: number, weight: number): void {
    for (let i = 0; i < weight; i++) this.#answers.add(success);
    // A success never opens it, also where most answers before it failed: the endpoint is just coming back.
    if (success || this.#answers.count < breakerPolicy.minAnswers) return;
    if (this.#answers.failures / this.#answers.count >= breakerPolicy.failureRatio) this.#open(now);
  }
}

/** The last answers, a bit for each: 1 is a failure. Every delivery adds one. */
class LastAnswers {
  #bits = 0;
  count = 0;

  add(success: boolean): void {
    this.#bits = ((this.#bits << 1) | (success ? 0 : 1)) & (2 ** breakerPolicy.window - 1);
    if (this.count < breakerPolicy.window) this.count++;
  }

  get failures(): number {
    let failures = 0;
    for (let bits = this.#bits; bits !== 0; bits &= bits - 1) failures++;
    return failures;
  }

  clear(): void {
    this.#bits = 0;
    this.count = 0;
  }
}
