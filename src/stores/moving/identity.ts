import { createHash } from 'node:crypto';
import type { Cipher } from '../secrets/cipher.ts';
import { numberKeyName, openSealedNumberKey } from '../sql/sealing/gateway-secrets.ts';
import { checkSealing } from '../sql/sealing/sealing.ts';

export interface StoreIdentity {
  /** Tells a store from others; '' of one that no gateway was at work on. */
  readonly identity: string;
  /** What numbers are hashed with; `null`: none has been yet. */
  readonly numberKey: Uint8Array | null;
}

/**
 * What tells a store from others, by the rows of `master_keys` and `gateway_secrets`: the number key, which each has of its own.
 * @throws {CipherError} `wrong_master_key` where its secrets are sealed with a key that is not at hand
 */
export function identityOfStore(
  masterKeys: Parameters<typeof checkSealing>[0],
  secrets: readonly { readonly name: string; readonly sealed: string }[],
  cipher: Cipher,
): StoreIdentity {
  checkSealing(masterKeys, cipher);
  const sealed = secrets.find(({ name }) => name === numberKeyName)?.sealed;
  if (sealed === undefined) return { identity: '', numberKey: null };
  const numberKey = openSealedNumberKey(sealed, cipher);
  const identity = createHash('sha256').update('hookwire store').update(numberKey).digest('hex').slice(0, 16);
  return { identity, numberKey };
}
