import type { OpenBreaker } from '../../core/delivery-observer.ts';
import { createPause } from './pause.ts';

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
export interface Breaker {
  readonly state: 'closed' | 'open' | 'probing';
  /** Whether a request may start now; an open breaker whose time is up lets one through. */
  mayStart(now: number): boolean;
  /** When a request may start (ms since the Unix epoch); `null`: when the probe has been answered. */
  readyAt(now: number): number | null;
  /** A request starts; gives what {@link Breaker.ended} wants to know about it. */
  started(): 'normal' | 'probe';
  /** @param weight as how many answers it counts */
  ended(kind: 'normal' | 'probe', success: boolean, now: number, weight?: number): void;
  /** The request did not leave, through no fault of the endpoint's: as if it had not started. */
  withdrawn(kind: 'normal' | 'probe'): void;
  /** Forgets everything: the endpoint's configuration changed, or a person says that it is well. */
  reset(): void;
}

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
export type BreakerMemory = Pick<OpenBreaker, 'until' | 'trips'>;

export interface BreakerOptions {
  /** Yields 0 … 1; times that it stays open vary by ±20 %, so that lanes do not probe together. */
  readonly random: () => number;
  /** It was open before a restart. */
  readonly known?: BreakerMemory | null;
  /** It opened, opened again, or (`null`) closed. */
  readonly onChange?: (open: BreakerMemory | null) => void;
}

export function createBreaker({ random, known = null, onChange }: BreakerOptions): Breaker {
  let state: Breaker['state'] = known ? 'open' : 'closed';
  let answers: boolean[] = [];
  let trips = known?.trips ?? 0;
  const pause = createPause();
  let knownUntil = known?.until ?? null;

  function open(now: number): void {
    const { firstOpenMs, longestOpenMs } = breakerPolicy;
    const planned = Math.min(firstOpenMs * 2 ** trips, longestOpenMs);
    const until = now + Math.round(planned * (0.8 + 0.4 * random()));
    knownUntil = null;
    pause.end();
    pause.extend(now, until);
    state = 'open';
    trips++;
    answers = [];
    onChange?.({ until, trips });
  }

  /** The pause of before a restart begins when it is first asked for; it is no longer than one that begins now. */
  function openUntil(now: number): number {
    if (knownUntil !== null) pause.extend(now, Math.min(knownUntil, now + longestPauseMs));
    knownUntil = null;
    return pause.endsAt(now);
  }

  function close(): void {
    const wasClosed = state === 'closed';
    state = 'closed';
    answers = [];
    trips = 0;
    if (!wasClosed) onChange?.(null);
  }

  function note(success: boolean, now: number, weight: number): void {
    for (let i = 0; i < weight; i++) answers.push(success);
    answers = answers.slice(-breakerPolicy.window);
    // A success never opens it, also where most answers before it failed: the endpoint is just coming back.
    if (success || answers.length < breakerPolicy.minAnswers) return;
    const failures = answers.filter((answer) => !answer).length;
    if (failures / answers.length >= breakerPolicy.failureRatio) open(now);
  }

  return {
    get state() {
      return state;
    },
    mayStart: (now) => state === 'closed' || (state === 'open' && now >= openUntil(now)),
    readyAt: (now) => (state === 'closed' ? now : state === 'open' ? Math.max(now, openUntil(now)) : null),
    started() {
      if (state === 'closed') return 'normal';
      state = 'probing';
      return 'probe';
    },
    ended(kind, success, now, weight = 1) {
      if (kind === 'probe' && state === 'probing') {
        if (success) close();
        else open(now);
      } else if (kind === 'normal' && state === 'closed') note(success, now, weight);
    },
    withdrawn(kind) {
      // Its pause is over, so the next request is the probe.
      if (kind === 'probe' && state === 'probing') state = 'open';
    },
    reset: close,
  };
}
