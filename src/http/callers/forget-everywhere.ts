import type { ProcessMessages } from '../../stores/ports/process-messages.ts';
import type { Authenticator } from './auth.ts';

/** Of messages that say whom other processes must not remember any longer: `callers` or `keys`. */
const forgetKind = 'forget';

/**
 * An authenticator that forgets whenever another process finds that it must: who signed out, lost a role or a key there, is let in
 * nowhere. A word comes within milliseconds; where words may have been missed all are forgotten.
 *
 * @param others `null`: this process is alone
 */
export function forgetEverywhere(
  authenticator: Authenticator,
  others: Pick<ProcessMessages, 'tell' | 'on' | 'onMissed'> | null,
): Authenticator {
  if (!others) return authenticator;

  /** Where it fails, keys are asked for again within seconds (known-keys.ts). */
  function forgetKeys(): void {
    authenticator.forgetKeys().catch(() => {});
  }

  others.on(forgetKind, (of) => {
    if (of === 'keys') forgetKeys();
    else authenticator.forget();
  });
  others.onMissed(() => {
    authenticator.forget();
    forgetKeys();
  });
  return {
    ...authenticator,
    forget() {
      authenticator.forget();
      others.tell(null, forgetKind, 'callers');
    },
    async forgetKeys() {
      others.tell(null, forgetKind, 'keys');
      await authenticator.forgetKeys();
    },
  };
}
