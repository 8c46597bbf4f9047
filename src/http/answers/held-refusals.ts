import type { Clock } from '../../core/clock.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { createTokenBuckets } from '../../core/token-buckets.ts';
import { networkOf } from '../../people/network.ts';

/** Lets those wait for their refusal who do not slow down when they are told to. */
export interface HeldRefusals {
  /**
   * Resolves when the refusal may be answered: mostly at once (`null`), but for an address that gets many, later than that.
   *
   * @param ip who is refused
   */
  hold(code: ErrorCode, ip: string): Promise<void> | null;
}

/** Refusals that say "too many", to be answered at once. */
const prompt = { perSecond: 20, burst: 100 };
/** How long the others take: less than the second after which they say to come again. */
const heldMs = 500;
/** In all; beyond that they are answered at once. */
const mostHeld = 2_000;
const heldCodes: readonly ErrorCode[] = ['too_many_calls', 'slow_down'];

/**
 * A refusal costs some 70 µs of the main thread, so that one key over 600 connections, each with another call as soon as it
 * was refused, took 70 % of it. A refusal that comes later holds up nobody else, and bounds that to some 1,000 a second.
 */
export function createHeldRefusals(clock: Clock): HeldRefusals {
  const prompts = createTokenBuckets(clock);
  let held = 0;

  return {
    hold(code, ip) {
      if (!heldCodes.includes(code)) return null;
      if (prompts.take(networkOf(ip), 1, prompt) === null || held >= mostHeld) return null;
      held++;
      return new Promise((resolve) => {
        clock.setTimer(() => {
          held--;
          resolve();
        }, heldMs);
      });
    },
  };
}
