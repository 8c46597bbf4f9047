import { type LimitValues, limitError } from '../core/account-limits.ts';
import type { HookwireError } from '../core/errors.ts';
import { type BucketSize, createTokenBuckets } from '../core/token-buckets.ts';
import type { WaitingCounts } from './waiting-counts.ts';

/** An account's events of one call that were let in. Exactly one of its functions is called, once. */
export interface Admitted {
  /** They are on disk, with so many new deliveries. */
  stored(deliveries: number): void;
  /** None of them was taken after all. */
  refused(): void;
}

/**
 * Holds accounts to how many events they may hand in a second and how many of their deliveries may wait. An account's
 * events of one call are let in or refused together, and what one account is refused holds up no other.
 */
export interface Admission {
  /**
   * @param deliveries that the events would make; room for them is kept until it is known
   * @returns or why none of these events is taken: `slow_down`, naming the limit
   */
  admit(accountId: string, events: number, deliveries: number): Admitted | HookwireError;
  /** Counts what comes from the gateway itself, without a limit. */
  admitAlways(accountId: string, events: number, deliveries: number): Admitted;
  /** Why even one event would be refused now, so that a call need not be read; `null`: it might be taken. */
  refusal(accountId: string): HookwireError | null;
  /** Events of the last moments that count against the rate. */
  recentEvents(accountId: string): number;
}

export interface AdmissionOptions {
  readonly clock: { now(): number };
  readonly limitsOf: (accountId: string) => LimitValues;
  readonly waiting: Pick<WaitingCounts, 'of' | 'add'>;
}

export function createAdmission({ clock, limitsOf, waiting }: AdmissionOptions): Admission {
  const buckets = createTokenBuckets(clock);

  function tooMany(accountId: string, deliveries: number): HookwireError | null {
    const most = limitsOf(accountId).deliveriesWaiting;
    if (most === null) return null;
    const now = waiting.of(accountId);
    // What makes more than the limit by itself is possible when nothing waits.
    return now > 0 && now + deliveries > most ? limitError('deliveriesWaiting', most) : null;
  }

  function tooFast(perSecond: number, waitMs: number | null): HookwireError | null {
    return waitMs === null ? null : limitError('eventsPerSecond', perSecond, Math.ceil(waitMs / 1000));
  }

  function admitted(accountId: string, deliveries: number, giveBack: () => void): Admitted {
    waiting.add(accountId, deliveries);
    return {
      stored(made) {
        if (made !== deliveries) waiting.add(accountId, made - deliveries);
      },
      refused() {
        waiting.add(accountId, -deliveries);
        giveBack();
      },
    };
  }

  return {
    admit(accountId, events, deliveries) {
      const refusal = tooMany(accountId, deliveries);
      if (refusal) return refusal;
      const perSecond = limitsOf(accountId).eventsPerSecond;
      if (perSecond === null) return admitted(accountId, deliveries, () => {});
      const late = tooFast(perSecond, buckets.take(accountId, events, sizeOf(perSecond)));
      return late ?? admitted(accountId, deliveries, () => buckets.giveBack(accountId, events));
    },
    admitAlways: (accountId, _events, deliveries) => admitted(accountId, deliveries, () => {}),
    refusal(accountId) {
      const refusal = tooMany(accountId, 1);
      const perSecond = limitsOf(accountId).eventsPerSecond;
      if (refusal || perSecond === null) return refusal;
      return tooFast(perSecond, buckets.wait(accountId, 1, sizeOf(perSecond)));
    },
    recentEvents(accountId) {
      const perSecond = limitsOf(accountId).eventsPerSecond;
      return perSecond === null ? 0 : Math.round(buckets.taken(accountId, sizeOf(perSecond)));
    },
  };
}

/** A second's worth at once. */
function sizeOf(perSecond: number): BucketSize {
  return { perSecond, burst: perSecond };
}
