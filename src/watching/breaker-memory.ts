import { createLatest } from '../core/backlogs.ts';
import type { Clock } from '../core/clock.ts';
import type { DeliveryObserver, OpenBreaker } from '../core/delivery-observer.ts';
import { createWriteBehind } from '../core/write-behind.ts';
import type { Directory } from '../stores/ports/directory.ts';

/** Writes down which breakers are open, so that they are after a restart. */
export interface BreakerMemory extends Pick<Required<DeliveryObserver>, 'breakerChanged'> {
  /** Writes down what changed last. Never rejects. */
  close(): Promise<void>;
}

export interface BreakerMemoryOptions {
  readonly directory: Pick<Directory, 'saveBreakers'>;
  readonly clock: Clock;
  readonly log: { warn(details: object, message: string): void };
}

/** Thousands may open at once, and one that was written down a second late costs a probe at most. */
const everyMs = 1_000;

export function createBreakerMemory({ directory, clock, log }: BreakerMemoryOptions): BreakerMemory {
  const changed = createLatest<OpenBreaker | null>();
  const writing = createWriteBehind({
    ...{ backlog: changed, clock, afterMs: everyMs, mostAtOnce: Number.POSITIVE_INFINITY },
    write: (changes) =>
      directory.saveBreakers({
        opened: [...changes.values()].filter((open) => open !== null),
        closed: [...changes].filter(([, open]) => open === null).map(([webhookId]) => webhookId),
      }),
    onFailure: (error) =>
      log.warn({ err: error }, 'Which endpoints rest could not be saved; it is tried again.'),
  });

  return {
    breakerChanged(webhookId, open) {
      changed.set(webhookId, open);
      writing.soon();
    },
    close: writing.close,
  };
}
