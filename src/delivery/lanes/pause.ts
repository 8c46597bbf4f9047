/**
 * A time to wait through. It knows when it began: a clock that is set back behind that would stretch it by hours, so it
 * begins anew there. Instants are ms since the Unix epoch.
 */
export interface Pause {
  /** Lasts from `now` until then; one that lasts longer already stays as it is. */
  extend(now: number, until: number): void;
  end(): void;
  /** When it is over; some instant of the past when there is none. */
  endsAt(now: number): number;
}

const never = Number.NEGATIVE_INFINITY;

export function createPause(): Pause {
  let beganAt = never;
  let until = never;

  const pause: Pause = {
    extend(now, later) {
      if (later <= pause.endsAt(now)) return;
      beganAt = now;
      until = later;
    },
    end() {
      beganAt = never;
      until = never;
    },
    endsAt(now) {
      if (now < beganAt) {
        until -= beganAt - now;
        beganAt = now;
      } else if (now >= until) pause.end();
      return until;
    },
  };
  return pause;
}
