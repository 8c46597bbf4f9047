import type { Clock, Timer } from '../core/clock.ts';
import { watchClock } from '../core/clock-watch.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import type { Dispatcher } from './dispatcher.ts';

export interface FollowClockOptions {
  readonly clock: Clock;
  readonly deliveryLog: Pick<DeliveryLog, 'bringRetriesBack' | 'latestAt'>;
  readonly dispatcher: Pick<Dispatcher, 'clockSetBack'>;
  readonly log: { warn(details: object, message: string): void };
}

/** Statistics carry the start of their minute; nothing that the store has is later than this for another reason. */
const aheadMs = 2 * 60_000;
/** Attempts that were under way at the moment of a step are recorded by then. */
const againMs = 60_000;
const tryAgainMs = 1_000;

/**
 * Brings retries back when the clock was set back: while this runs, or while it did not, which the store's own times
 * tell. A clock that is set forward makes them due earlier, and needs nothing.
 * @returns ends it
 */
export function followClock({ clock, deliveryLog, dispatcher, log }: FollowClockOptions): () => void {
  let ended = false;
  let later: Timer | null = null;

  function bringBackLater(afterMs: number): void {
    later?.cancel();
    later = clock.setTimer(() => void bringBack(), afterMs);
  }

  async function bringBack(): Promise<void> {
    if (ended) return;
    try {
      const retries = await deliveryLog.bringRetriesBack(clock.now());
      await dispatcher.clockSetBack();
      if (retries > 0) log.warn({ retries }, 'The clock was set back; retries were brought back with it.');
    } catch (error) {
      if (ended) return;
      log.warn({ err: error }, 'Retries could not be brought back; it is tried again.');
      bringBackLater(tryAgainMs);
    }
  }

  function setBack(byMs: number): void {
    log.warn({ byMs }, 'The clock was set back.');
    bringBackLater(againMs);
    void bringBack();
  }

  const byMs = deliveryLog.latestAt - clock.now();
  if (byMs > aheadMs) setBack(byMs);
  const unwatch = watchClock({ clock, onSetBack: setBack });
  return () => {
    ended = true;
    later?.cancel();
    unwatch();
  };
}
