import type { Clock } from '../core/clock.ts';
import { restorableForMs } from '../core/restorable.ts';
import type { Directory } from '../stores/ports/directory.ts';
import { repeat } from './repeat.ts';

export interface WiperOptions {
  readonly directory: Pick<Directory, 'wipeDeletedSecrets'>;
  readonly clock: Clock;
  readonly log: { warn(details: object, message: string): void };
}

/**
 * Wipes the signing secrets of webhooks that can no longer be restored, now and every ten minutes.
 * @returns what ends it, when the wiping that is under way has ended
 */
export function wipeDeletedSecrets({ directory, clock, log }: WiperOptions): () => Promise<void> {
  return repeat(clock, async () => {
    try {
      await directory.wipeDeletedSecrets(clock.now() - restorableForMs);
    } catch (error) {
      log.warn({ err: error }, 'Secrets of deleted webhooks could not be wiped; it is tried again.');
    }
    return restorableForMs;
  });
}
