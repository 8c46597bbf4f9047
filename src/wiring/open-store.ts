import { hostname } from 'node:os';
import { createSoleProcess } from '../cluster/sole-process.ts';
import { version } from '../core/version.ts';
import { type Cipher, createCipher } from '../stores/secrets/cipher.ts';
import { deriveSecret } from '../stores/secrets/master-key.ts';
import { loadMasterKey } from '../stores/secrets/master-key-file.ts';
import { openSqliteStore, type SqliteOptions } from '../stores/sqlite/open.ts';
import { createIndexTroubles, type IndexTroubles } from '../telemetry/index-troubles.ts';
import { createWriteTroubles } from '../telemetry/write-troubles.ts';
import type { Basics } from './basics.ts';
import type { OpenedStore } from './courier-connection.ts';
import { openOnPostgres } from './open-on-postgres.ts';
import type { Surroundings } from './read-surroundings.ts';

/** Where everything is kept. */
export interface StoreParts extends OpenedStore {
  readonly indexTroubles: IndexTroubles;
  /** Seals what is told other processes. */
  readonly seal: Pick<Cipher, 'seal' | 'open'>;
  /** A secret made from the master key, for one other purpose. */
  readonly secretFor: (purpose: string) => string;
}

/** @throws when another gateway has the data directory, or its secrets were sealed with another master key */
export async function openStore(
  basics: Basics,
  { inFlight }: Pick<Surroundings, 'inFlight'>,
): Promise<StoreParts> {
  const { config, clock, log } = basics;
  const { dataDir, databaseUrl, databaseDirectUrl, databaseConnections } = config.storage;
  const masterKey = await loadMasterKey(config.secrets.masterKey, dataDir, (warning) => log.warn(warning));
  const cipher = createCipher(masterKey, config.secrets.previousMasterKeys);
  // One that could have nothing in flight would be none.
  const couriers = Math.min(config.delivery.couriers, inFlight.maxInFlight);
  const indexTroubles = createIndexTroubles(log, clock);
  const opened =
    databaseUrl === null
      ? await openEmbedded(basics, { cipher, couriers, onIndexTrouble: indexTroubles.heard })
      : await openOnPostgres(basics, {
          ...{
            url: databaseUrl,
            directUrl: databaseDirectUrl ?? databaseUrl,
            connections: databaseConnections,
          },
          ...{ cipher, couriers },
        });
  opened.store.log.onHealth(createWriteTroubles(log, clock));
  return {
    ...opened,
    indexTroubles,
    seal: cipher,
    secretFor: (purpose) => deriveSecret(masterKey, purpose),
  };
}

async function openEmbedded(
  { config, clock, log, life, parts }: Basics,
  options: Pick<SqliteOptions, 'cipher' | 'couriers' | 'onIndexTrouble'>,
): Promise<OpenedStore> {
  const store = await openSqliteStore({
    ...options,
    ...{ dataDir: config.storage.dataDir, clock, onDeath: life.die },
    warn: (warning) => log.warn(warning),
  });
  parts.defer(() => store.close());
  const courierConnections = store.courierPorts.map((port) => ({ store: 'sqlite', port }) as const);
  const cluster = createSoleProcess({
    ...{ name: `${hostname()}:${process.pid}`, version, couriers: options.couriers, startedAt: clock.now() },
  });
  return { store, courierConnections, cluster, messages: null, configurationNews: null, sharing: null };
}
