import type { Clock } from '../core/clock.ts';
import { sequenceTime } from '../core/ids.ts';
import { believedAfterMs, createTrustedClock, type TrustedClock } from '../core/trusted-clock.ts';
import type { TrustedTimeStore } from '../stores/ports/trusted-time.ts';
import { repeat } from './repeat.ts';

export interface TrustClockOptions {
  readonly trustedTime: TrustedTimeStore;
  /** As `DeliveryLog.latestAt`, for a store in which no time was written down yet. */
  readonly latestAt: number;
  readonly clock: Clock;
  /** Whether this process writes down how late it is; of several, one does. */
  readonly isToSave: () => boolean;
  readonly log: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
}

export interface TrustedClockFollower {
  readonly trusted: TrustedClock;
  /** Writes down how late it is, for the process that does so from now on. Never rejects. */
  handOver(): Promise<void>;
  /** Resolves when how late it is was written down. */
  close(): Promise<void>;
}

const lookMs = 10_000;
/** After a crash it is known to this. */
const saveEveryMs = 600_000;

/** Tells of a clock that is doubted, and writes down how late it is. @throws when the store cannot be read */
export async function trustClock(options: TrustClockOptions): Promise<TrustedClockFollower> {
  const { trustedTime, latestAt, clock, isToSave, log } = options;
  const known = await trustedTime.load();
  // Where nothing is stored, it is when numbers begin.
  const newest = latestAt > sequenceTime(0) ? { at: latestAt, doubt: null } : null;
  const trusted = createTrustedClock(clock, known ?? newest);
  let isDoubted = false;
  let isStart = true;
  let savedAt = Number.NEGATIVE_INFINITY;

  function tell(): void {
    const { doubt } = trusted;
    if ((doubt !== null) === isDoubted) return;
    isDoubted = doubt !== null;
    // What changed is what a restart has to know.
    savedAt = Number.NEGATIVE_INFINITY;
    if (!doubt) {
      log.info({}, 'The clock is believed again: what is old is taken away by it.');
      return;
    }
    const details = { aheadMs: doubt.aheadMs, believedInMs: believedAfterMs - doubt.forMs };
    if (isStart) {
      log.info(
        details,
        'The clock is later than what was stored last by hours or more: Hookwire did not run, or the clock is wrong. What is old stays until the clock has stood for a day.',
      );
    } else {
      log.warn(
        details,
        'The clock jumped ahead. Nothing is taken away by it before it has stood for a day: set it back if it is wrong.',
      );
    }
  }

  async function save(): Promise<void> {
    const at = clock.elapsed();
    await trustedTime.save(trusted.time);
    savedAt = at;
  }

  async function look(): Promise<number> {
    tell();
    isStart = false;
    try {
      if (clock.elapsed() - savedAt >= saveEveryMs && isToSave()) await save();
    } catch (error) {
      log.warn({ err: error }, 'How late it is could not be written down; it is tried again.');
      return saveEveryMs;
    }
    return lookMs;
  }

  async function handOver(): Promise<void> {
    await save().catch((error: unknown) =>
      log.warn({ err: error }, 'How late it is could not be written down.'),
    );
  }

  const end = repeat(clock, look);
  return {
    trusted,
    handOver,
    async close() {
      await end();
      if (isToSave()) await handOver();
    },
  };
}
