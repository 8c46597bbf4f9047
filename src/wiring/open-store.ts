import { createCipher } from '../stores/secrets/cipher.ts';
import { deriveSecret } from '../stores/secrets/master-key.ts';
import { loadMasterKey } from '../stores/secrets/master-key-file.ts';
import { openSqliteStore, type SqliteStore } from '../stores/sqlite/open.ts';
import { createWriteTroubles } from '../telemetry/write-troubles.ts';
import type { Basics } from './basics.ts';
import type { Surroundings } from './read-surroundings.ts';

/** Where everything is kept. */
export interface StoreParts {
  readonly store: SqliteStore;
  /** The id of the master key that seals the secrets in it. */
  readonly masterKeyId: string;
  /** A secret made from the master key, for one other purpose. */
  readonly secretFor: (purpose: string) => string;
}

/** @throws when another gateway has the data directory, or its secrets were sealed with another master key */
export async function openStore(
  { config, clock, log, life, parts }: Basics,
  { inFlight }: Pick<Surroundings, 'inFlight'>,
): Promise<StoreParts> {
  const { dataDir } = config.storage;
  const warn = (warning: string): void => log.warn(warning);
  const masterKey = await loadMasterKey(config.secrets.masterKey, dataDir, warn);
  const cipher = createCipher(masterKey, config.secrets.previousMasterKeys);
  const store = await openSqliteStore({
    ...{ dataDir, cipher, clock, warn, onDeath: life.die },
    // One that could have nothing in flight would be none.
    couriers: Math.min(config.delivery.couriers, inFlight.maxInFlight),
  });
  parts.defer(() => store.close());
  store.log.onHealth(createWriteTroubles(log, clock));
  return {
    store,
    masterKeyId: cipher.keyId,
    secretFor: (purpose) => deriveSecret(masterKey, purpose),
  };
}
