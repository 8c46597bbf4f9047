import type { Clock } from '../core/clock.ts';
import type { Log } from '../telemetry/log.ts';
import { createBoundedClose } from './close-within.ts';

/**
 * How far the gateway is.
 *
 * ```text
 * takingUp ──▸ atWork ──▸ stopping
 *     └───────────┴──────────┴──▸ dead
 * ```
 * `takingUp`: events are taken, and what waited when it started is being taken up. `dead`: a thread ended by itself, and
 * nothing goes on.
 */
export type Stage = 'takingUp' | 'atWork' | 'stopping' | 'dead';

/** Knows how far the gateway is, and ends it. */
export interface Lifecycle {
  readonly stage: Stage;
  /** Resolves with what a thread died of. */
  readonly died: Promise<Error>;
  /** A thread ended by itself; what others die of afterwards is not told. */
  die(error: Error): void;
  /** Hears of it. */
  onDeath(listener: (error: Error) => void): void;
  /** All that waited is taken up. */
  takenUp(): void;
  /** From now on nothing new is begun. */
  stop(): void;
  /** Closes the parts, or leaves those behind that hang. Called again it waits for the same end. */
  close(parts: AsyncDisposable): Promise<void>;
}

export interface LifecycleOptions {
  readonly clock: Clock;
  readonly log: Pick<Log, 'fatal' | 'error'>;
  /** How long a stop may take while all is well. */
  readonly shutdownTimeoutMs: number;
}

/** How long the parts may take to close when nothing is under way any more: the store's last commits, mostly. */
const closingMs = 5_000;
/** How long everything may take when a thread has died. */
const leavingMs = 3_000;

export function createLifecycle({ clock, log, shutdownTimeoutMs }: LifecycleOptions): Lifecycle {
  const death = Promise.withResolvers<Error>();
  const bounded = createBoundedClose(clock);
  const listeners: ((error: Error) => void)[] = [];
  let stage: Stage = 'takingUp';

  return {
    get stage() {
      return stage;
    },
    died: death.promise,
    die(error) {
      if (stage === 'dead') return;
      stage = 'dead';
      log.fatal({ err: error }, 'A thread died, so Hookwire ends. What was acknowledged is on disk.');
      bounded.hurry(Math.min(leavingMs, shutdownTimeoutMs));
      for (const listener of listeners) listener(error);
      death.resolve(error);
    },
    onDeath: (listener) => void listeners.push(listener),
    takenUp() {
      if (stage === 'takingUp') stage = 'atWork';
    },
    stop() {
      if (stage !== 'dead') stage = 'stopping';
    },
    async close(parts) {
      const closed = await bounded.close(parts, shutdownTimeoutMs + closingMs);
      if (!closed) log.error('A part of Hookwire did not close in time and is left behind.');
    },
  };
}
