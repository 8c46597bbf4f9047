import type { Clock, Timer } from '../core/clock.ts';
import type { DeliveryObserver, OpenBreaker } from '../core/delivery-observer.ts';
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
  let changed = new Map<string, OpenBreaker | null>();
  let timer: Timer | null = null;
  let saving: Promise<void> = Promise.resolve();
  let closed = false;

  async function save(): Promise<void> {
    const changes = changed;
    changed = new Map();
    if (changes.size === 0) return;
    try {
      await directory.saveBreakers({
        opened: [...changes.values()].filter((open) => open !== null),
        closed: [...changes].filter(([, open]) => open === null).map(([webhookId]) => webhookId),
      });
    } catch (error) {
      log.warn({ err: error }, 'Which endpoints rest could not be saved; it is tried again.');
      changed = new Map([...changes, ...changed]);
      saveSoon();
    }
  }

  function saveSoon(): void {
    if (closed || timer) return;
    timer = clock.setTimer(() => {
      timer = null;
      saving = saving.then(save);
    }, everyMs);
  }

  return {
    breakerChanged(webhookId, open) {
      changed.set(webhookId, open);
      saveSoon();
    },
    async close() {
      closed = true;
      timer?.cancel();
      saving = saving.then(save);
      await saving;
    },
  };
}
