import type { Clock, Timer } from '../../core/clock.ts';
import type { WriteHealth } from '../ports/delivery-log.ts';

/**
 * Whether commits reach the disk, found out from those that fail:
 *
 * ```text
 *            a commit fails                       a commit, or a probe every second, works
 * well ────────────────────────▸ failing ──────────────────────────────────────────────────▸ well
 *                                   │ the database is damaged
 *                                   ▼
 *                                damaged: until the next start, since a probe may not meet the damaged pages
 * ```
 * Without traffic nothing else would find out that there is room again.
 */
export interface WriteWatch {
  readonly health: WriteHealth;
  /** A commit was asked for; it counts as failing too while there is no answer for long. */
  asked(): void;
  worked(): void;
  failed(error: Error): void;
  onChange(listener: (health: WriteHealth) => void): void;
  close(): void;
}

const probeMs = 1_000;
/** So long no healthy disk takes for a commit of ours, in real time. */
const stalledMs = 10_000;

export interface WriteWatchOptions {
  /** Whether an error says that the database is damaged. */
  readonly isDamage?: (error: Error) => boolean;
  /** Who owes an answer, in words for people. */
  readonly of?: string;
}

/** @param probe writes something, and tells the watch what became of it */
export function createWriteWatch(
  clock: Clock,
  probe: () => void,
  { isDamage = () => false, of = 'the disk' }: WriteWatchOptions = {},
): WriteWatch {
  let failingSince: number | null = null;
  let problem: string | null = null;
  let isDamaged = false;
  let failures = 0;
  let askedAt: number | null = null;
  let timer: Timer | null = null;
  let closed = false;
  let listener: (health: WriteHealth) => void = () => {};

  function probeLater(): void {
    if (timer || closed || isDamaged) return;
    timer = clock.setTimer(() => {
      timer = null;
      if (failingSince !== null && !closed) probe();
    }, probeMs);
  }

  const watch: WriteWatch = {
    health: {
      get problem() {
        if (problem !== null) return problem;
        const waits = askedAt === null ? 0 : performance.now() - askedAt;
        return waits > stalledMs ? `no answer from ${of} for ${Math.round(waits / 1_000)} s` : null;
      },
      get failingSince() {
        return failingSince;
      },
      get failures() {
        return failures;
      },
    },
    asked() {
      askedAt = performance.now();
    },
    worked() {
      askedAt = null;
      if (failingSince === null || isDamaged) return;
      problem = null;
      failingSince = null;
      timer?.cancel();
      timer = null;
      listener(watch.health);
    },
    failed(error) {
      askedAt = null;
      failures++;
      failingSince ??= clock.now();
      problem = error.message;
      isDamaged ||= isDamage(error);
      listener(watch.health);
      probeLater();
    },
    onChange(listen) {
      listener = listen;
    },
    close() {
      closed = true;
      timer?.cancel();
    },
  };
  return watch;
}
