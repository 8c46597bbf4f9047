import { type Bell, createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';
import type { Sealing, SealingKeys } from '../stores/ports/sealing.ts';
import { type LeftToReseal, type ResealLog, resealAll } from './reseal-all.ts';

/** Master keys, and how far the change to the current one is. */
export interface SealingStatus extends LeftToReseal {
  /** The id of the master key that seals; it tells nothing of the key. */
  readonly masterKeyId: string;
}

export interface Resealing {
  /** Does what is left, behind the traffic; what a kill leaves, the next start does. Can be started again when it was closed. */
  start(): void;
  status(): SealingStatus;
  /** Resolves when the step that is under way has ended. */
  close(): Promise<void>;
}

export interface ResealingOptions {
  readonly sealing: Pick<Sealing, 'keys' | 'step' | 'retire'>;
  /** As they are before it is started: until then, too, no key counts as needless that may be needed. */
  readonly keys: SealingKeys;
  readonly clock: Clock;
  readonly log: ResealLog;
}

/** Between two steps, so that others come first: 200 rows and 50 ms make 4,000 rows a second. */
const restMs = 50;
const tellEveryMs = 10_000;
const tryAgainMs = 60_000;

/** Seals everything anew with the current master key, so that the others can be retired. */
export function createResealing({ sealing, keys, clock, log }: ResealingOptions): Resealing {
  const { current: masterKeyId, others } = keys;
  let status: SealingStatus = {
    masterKeyId,
    otherKeyIds: others.map(({ id }) => id),
    left: others.length === 0 ? 0 : null,
  };
  let end = async (): Promise<void> => {};

  async function run(bell: Bell): Promise<void> {
    while (!bell.hasEnded) {
      try {
        await resealAll({
          sealing,
          rest: () => bell.sleep(restMs),
          isStopped: () => bell.hasEnded,
          onStatus(next) {
            status = { ...next, masterKeyId };
          },
          tell: teller(),
          log,
        });
        return;
      } catch (error) {
        log.warn({ err: error }, 'Secrets could not be sealed anew; it is tried again in a minute.');
        await bell.sleep(tryAgainMs);
      }
    }
  }

  function teller(): (done: number, of: number) => void {
    let toldAt = clock.now();
    return (done, of) => {
      if (clock.now() - toldAt < tellEveryMs) return;
      toldAt = clock.now();
      log.info({ done, of }, `Sealed ${done} of ${of} secrets anew with master key ${masterKeyId}.`);
    };
  }

  return {
    start() {
      const bell = createBell(clock);
      const running = run(bell);
      end = () => {
        bell.end();
        return running;
      };
    },
    status: () => status,
    close: () => end(),
  };
}
