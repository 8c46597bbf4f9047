import type { Clock } from '../core/clock.ts';
import type { TrustedClock } from '../core/trusted-clock.ts';
import type {
  ClockProgress,
  CutPiece,
  Keeps,
  Retention,
  RetentionStatus,
} from '../stores/ports/retention.ts';
import { createCuttingPace } from './cutting-pace.ts';
import { repeat } from './repeat.ts';

export interface CutOldEventsOptions {
  readonly retention: Retention;
  /** How long things are kept now; another object when that has changed. */
  readonly keeps: () => Keeps;
  /** Ends deliveries that wait, and whose time is over. */
  readonly expire: (webhookId: string, deliveryIds: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  /** What is older than it is kept is so by this one. */
  readonly trusted: Pick<TrustedClock, 'now'>;
  readonly log: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
}

export interface OldEventsCutter {
  /** Can be started again when it was closed. */
  start(): void;
  /** While the store refuses, what is behind grows with the time. */
  status(): RetentionStatus;
  /** Resolves when the piece that is under way has ended. */
  close(): Promise<void>;
}

/** Where nothing is left to do. */
const quietMs = 10_000;
const afterFailureMs = 60_000;
/** What is further behind is told of, each minute. */
const backlogMs = 3_600_000;
const tellEveryMs = 60_000;

/**
 * Has the store cut and drop what is older than it is kept, always, in pieces of some ms and behind the traffic.
 */
export function cutOldEvents(options: CutOldEventsOptions): OldEventsCutter {
  const { retention, keeps, expire, clock, trusted, log } = options;
  const nothing: ClockProgress = { doneUpTo: null, behindMs: 0, left: 0 };
  let status: RetentionStatus = { payload: nothing, log: nothing, cut: 0, dropped: 0 };
  /** When the store did what it was asked last, by the time that passes, ms. */
  let doneAt = clock.elapsed();
  let isRefused = false;
  let heard: Keeps | null = null;
  const pace = createCuttingPace(() => clock.elapsed());
  let toldAt = clock.now();
  let told = { cut: 0, dropped: 0 };
  let end = async (): Promise<void> => {};

  async function piece(): Promise<CutPiece> {
    const now = keeps();
    if (now !== heard) await retention.keep(now);
    heard = now;
    return retention.cut({ now: trusted.now(), mostMs: pace.mostMs });
  }

  function tellOverdue({ overdue }: CutPiece): void {
    for (const { webhookId, deliveryIds } of overdue) {
      // Not waited for: those that have not ended are told of again.
      expire(webhookId, deliveryIds).catch((error: unknown) => {
        log.warn(
          { err: error, webhookId },
          'Deliveries whose time is over could not be ended; they are told of again.',
        );
      });
    }
  }

  function tellOfBacklog(): void {
    const { payload, log: rest, cut, dropped } = status;
    const since = clock.now() - toldAt;
    if (since < tellEveryMs) return;
    const isBehind = payload.behindMs >= backlogMs || rest.behindMs >= backlogMs;
    if (isBehind) {
      const days = { payloadBehindDays: inDays(payload.behindMs), logBehindDays: inDays(rest.behindMs) };
      const done = { cut: cut - told.cut, dropped: dropped - told.dropped };
      log.info({ ...days, ...done, withinMs: since }, 'What is older than it is kept is being cut.');
    }
    toldAt = clock.now();
    told = { cut, dropped };
  }

  async function run(): Promise<number> {
    try {
      const done = await piece();
      doneAt = clock.elapsed();
      isRefused = false;
      status = {
        ...done.progress,
        ...{ cut: status.cut + done.cut, dropped: status.dropped + done.dropped },
      };
      const restMs = pace.restAfter(done);
      tellOverdue(done);
      tellOfBacklog();
      return done.isDone ? quietMs : restMs;
    } catch (error) {
      isRefused = true;
      log.warn({ err: error }, 'What is older than it is kept could not be cut; it is tried again.');
      return afterFailureMs;
    }
  }

  return {
    start() {
      // Another process may have had the store keep things otherwise since.
      heard = null;
      end = repeat(clock, run);
    },
    status() {
      if (!isRefused) return status;
      const since = clock.elapsed() - doneAt;
      return { ...status, payload: later(status.payload, since), log: later(status.log, since) };
    },
    close: () => end(),
  };
}

function later(progress: ClockProgress, ms: number): ClockProgress {
  return progress.doneUpTo === null ? progress : { ...progress, behindMs: progress.behindMs + ms };
}

function inDays(ms: number): number {
  return Math.round(ms / 8_640_000) / 10;
}
