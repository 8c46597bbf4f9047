import { type Breaker, createBreaker } from './breaker.ts';

/** What a webhook's owner should hear of. Instants are ms since the Unix epoch. */
export type HealthChange =
  | { readonly kind: 'failing'; readonly since: number }
  | { readonly kind: 'recovered'; readonly since: number }
  /** It has failed for so long that it is to be disabled. */
  | { readonly kind: 'dead'; readonly since: number };

/**
 * How a webhook's endpoint is doing.
 *
 * ```text
 * well ──▸ failing (the breaker opened) ──▸ recovered (a probe succeeded) ──▸ well
 *             └──▸ dead (nothing but failures for days)
 * ```
 */
export interface Health {
  readonly breaker: Breaker;
  /** The first failure after the last success. */
  readonly failingSince: number | null;
  /** Notes an answer; gives what changed by it. */
  ended(kind: 'normal' | 'probe', success: boolean, now: number): HealthChange | null;
  /** The owner changed something or switched it on again: what was before does not count. */
  reset(): void;
}

/** So many failures in a row at least make a webhook dead: one failure before and one after a quiet week do not. */
const fewestFailures = 10;

/**
 * @param knownFailingSince what was known before a restart
 * @param deadAfterMs how long nothing but failures makes it dead
 */
export function createHealth(
  random: () => number,
  deadAfterMs: number,
  knownFailingSince: number | null = null,
): Health {
  const breaker = createBreaker(random);
  let failingSince = knownFailingSince;
  let announced = knownFailingSince !== null;
  let failures = 0;
  let dead = false;

  function succeeded(): HealthChange | null {
    // A success of a request that left before the breaker opened does not say that it is well again.
    if (breaker.state !== 'closed') return null;
    const since = failingSince;
    const wasAnnounced = announced;
    failingSince = null;
    announced = false;
    failures = 0;
    dead = false;
    return wasAnnounced && since !== null ? { kind: 'recovered', since } : null;
  }

  function failed(now: number): HealthChange | null {
    failures++;
    failingSince ??= now;
    if (!dead && failures >= fewestFailures && now - failingSince >= deadAfterMs) {
      dead = true;
      return { kind: 'dead', since: failingSince };
    }
    if (announced || breaker.state === 'closed') return null;
    announced = true;
    return { kind: 'failing', since: failingSince };
  }

  return {
    breaker,
    get failingSince() {
      return failingSince;
    },
    ended(kind, success, now) {
      breaker.ended(kind, success, now);
      return success ? succeeded() : failed(now);
    },
    reset() {
      breaker.reset();
      failingSince = null;
      announced = false;
      failures = 0;
      dead = false;
    },
  };
}
