import { isDeepStrictEqual } from 'node:util';
import { type Bell, createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';
import type { SealingKeyOfOld, SealingKeys } from '../stores/ports/sealing.ts';
import { type LeftToReseal, type ResealLog, type ResealParts, resealAll } from './reseal-all.ts';

/** Master keys, and how far the change to the current one is. */
export interface SealingStatus extends LeftToReseal {
  /** The id of the master key that seals; it tells nothing of the key. */
  readonly masterKeyId: string;
}

export interface Resealing {
  /**
   * Does what is left, behind the traffic, and looks each minute whether there are other keys again; what a kill leaves, the next start
   * does. Can be started again when it was closed.
   */
  start(): void;
  status(): SealingStatus;
  /** Resolves when the step that is under way has ended. */
  close(): Promise<void>;
}

export interface ResealingOptions {
  readonly sealing: ResealParts['sealing'];
  /** Whether every process that shares the store is known to seal with the current key. */
  readonly allSealWithIt: () => Promise<boolean>;
  /** As they are before it is started: until then, too, no key counts as needless that may be needed. */
  readonly keys: SealingKeys;
  readonly clock: Clock;
  readonly log: ResealLog;
}

/** Between two steps, so that others come first: 200 rows and 50 ms make 4,000 rows a second. */
const restMs = 50;
const tellEveryMs = 10_000;
const lookAgainMs = 60_000;
const waitsFor =
  'Secrets are sealed anew when all gateways that share the store have been restarted with this master key and answer; until then earlier keys are needed.';

/** Seals everything anew with the current master key, so that the others can be retired. */
export function createResealing(options: ResealingOptions): Resealing {
  const { sealing, allSealWithIt, keys, clock, log } = options;
  const { current: masterKeyId, others } = keys;
  let status: SealingStatus = {
    masterKeyId,
    otherKeyIds: idsOf(others),
    left: others.length === 0 ? 0 : null,
  };
  let end = async (): Promise<void> => {};

  async function run(bell: Bell): Promise<void> {
    /** The others that a whole walk left: what it could not read it would read no better, until there are more keys. */
    let leftKeyIds: readonly string[] | null = null;
    let isWaiting = false;

    async function look(): Promise<void> {
      const { others } = await sealing.keys();
      if (isDeepStrictEqual(idsOf(others), leftKeyIds)) return;
      const result = await resealAll({
        ...{ sealing, allSealWithIt, log },
        rest: () => bell.sleep(restMs),
        isStopped: () => bell.hasEnded,
        onStatus(next) {
          status = { ...next, masterKeyId };
        },
        tell: teller(),
      });
      if (result.isWaiting && !isWaiting) log.info({ masterKeyId }, waitsFor);
      isWaiting = result.isWaiting;
      leftKeyIds = isWaiting ? null : status.otherKeyIds;
    }

    while (!bell.hasEnded) {
      await look().catch((error: unknown) =>
        log.warn({ err: error }, 'Secrets could not be sealed anew; it is tried again in a minute.'),
      );
      await bell.sleep(lookAgainMs);
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

function idsOf(keys: readonly SealingKeyOfOld[]): readonly string[] {
  return keys.map(({ id }) => id);
}
