import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from './config/config.ts';
import { systemClock } from './core/clock.ts';
import { makeDirectory } from './core/make-directory.ts';
import { version } from './core/version.ts';
import type { ConfigurationDecision, StoredConfiguration } from './stores/ports/configuration.ts';
import type { BesideStore } from './stores/ports/store.ts';
import { openPostgresDirectory } from './stores/postgres/open-beside.ts';
import { type Cipher, createCipher } from './stores/secrets/cipher.ts';
import { deriveKey } from './stores/secrets/master-key.ts';
import { loadMasterKey, readMasterKeyFile } from './stores/secrets/master-key-file.ts';
import {
  type BackupOptions,
  type BackupProgress,
  type BackupReport,
  backUp,
} from './stores/sqlite/backup/backup.ts';
import { BackupError } from './stores/sqlite/backup/backup-error.ts';
import { beginFile, checkFree } from './stores/sqlite/backup/partial-file.ts';
import {
  type RestoreOptions,
  type RestoreProgress,
  type RestoreReport,
  restore,
} from './stores/sqlite/backup/restore.ts';
import { takeLocks } from './stores/sqlite/backup/take-locks.ts';
import {
  changeWholeConfiguration,
  readWholeConfiguration,
} from './stores/sqlite/configuration/configuration.ts';
import { openSqliteDirectory } from './stores/sqlite/open.ts';
import { keepPrivate } from './stores/sqlite/private-files.ts';
import { DirectoryLockedError, lockDirectory } from './stores/sqlite/writer/directory-lock.ts';
import { type ResealResult, resealAll } from './upkeep/reseal-all.ts';

/**
 * The data directory as commands see it that work beside the gateway, or without one. With `gateway.ts` this is the
 * only place that chooses a store.
 */
export async function openDirectory(config: Config, warn: (message: string) => void): Promise<BesideStore> {
  const { dataDir, databaseUrl, databaseDirectUrl: directUrl } = config.storage;
  const { masterKey, previousMasterKeys } = config.secrets;
  const cipher = createCipher(await loadMasterKey(masterKey, dataDir, warn), previousMasterKeys);
  if (databaseUrl !== null) return await openPostgresDirectory(directUrl ?? databaseUrl, cipher, systemClock);
  return await openSqliteDirectory({ dataDir, cipher, clock: systemClock });
}

/** @throws {BackupError} where the data are in PostgreSQL. @param instead what to do there */
function onlyEmbedded({ storage }: Config, what: string, instead: string): void {
  if (storage.databaseUrl === null) return;
  throw new BackupError(
    'usage',
    `${what} is for the embedded database, and HOOKWIRE_DATABASE_URL is set: ${instead}.`,
  );
}

const pgDump =
  "use PostgreSQL's own tools, such as pg_dump or a base backup with its WAL, and keep the master key apart";

/** The master key that the gateway has or would have, without making one. */
export interface KnownMasterKey {
  readonly text: string;
  readonly id: string;
  readonly from: 'environment' | 'file';
}

export async function findMasterKey({ storage, secrets }: Config): Promise<KnownMasterKey | null> {
  const text = secrets.masterKey ?? (await readMasterKeyFile(storage.dataDir)) ?? '';
  if (text === '') return null;
  return { text, id: deriveKey(text).id, from: secrets.masterKey === null ? 'file' : 'environment' };
}

export { readMasterKeyFile };

/** Writes a master key to a file of its own, for its owner only. @throws {BackupError} where the file is there without `force` */
export async function writeKeyFile(file: string, text: string, force: boolean): Promise<void> {
  await writePrivateFile(file, `${text}\n`, force);
}

export type CopyProgress = BackupProgress | RestoreProgress;
export type { BackupReport, RestoreReport };

type Asked<Options> = Omit<Options, 'dataDir' | 'version' | 'now'>;

/** @throws {BackupError} */
export async function backUpDirectory(config: Config, options: Asked<BackupOptions>): Promise<BackupReport> {
  onlyEmbedded(config, 'A backup by hookwire', pgDump);
  return backUp({ ...options, dataDir: config.storage.dataDir, version, now: systemClock.now });
}

/** @throws {BackupError} */
export async function restoreDirectory(
  config: Config,
  options: Omit<Asked<RestoreOptions>, 'keyIds'>,
): Promise<RestoreReport> {
  onlyEmbedded(config, 'A restore by hookwire', pgDump);
  const { masterKey } = options;
  const current = masterKey === null ? (await findMasterKey(config))?.id : deriveKey(masterKey).id;
  const previous = config.secrets.previousMasterKeys.map((key) => deriveKey(key).id);
  const keyIds = [...(current === undefined ? [] : [current]), ...previous];
  return await restore({ ...options, keyIds, dataDir: config.storage.dataDir, now: systemClock.now });
}

/** All that is configured, read beside a gateway or without one; `null` where there is no database. @throws {BackupError} */
export async function readStoredConfiguration(config: Config): Promise<StoredConfiguration | null> {
  const { dataDir, databaseUrl, databaseDirectUrl: directUrl } = config.storage;
  const file = join(dataDir, 'hookwire.db');
  if (databaseUrl === null && !existsSync(file)) return null;
  const key = await findMasterKey(config);
  if (key === null) {
    throw new BackupError('usage', `There is no master key in ${dataDir} or HOOKWIRE_MASTER_KEY.`);
  }
  const cipher = createCipher(key.text, config.secrets.previousMasterKeys);
  if (databaseUrl === null) return await readWholeConfiguration(file, cipher);
  const beside = await openPostgresDirectory(directUrl ?? databaseUrl, cipher, systemClock);
  try {
    await beside.sealing.check();
    return await beside.readConfiguration();
  } finally {
    await beside.close();
  }
}

/**
 * Reads, decides and writes as one; on PostgreSQL also beside gateways, which hear of it, else while none runs. The directory and its
 * database are made where they are missing.
 * @throws {BackupError} where a gateway runs; whatever `decide` throws
 */
export async function changeStoredConfiguration<T>(
  config: Config,
  warn: (message: string) => void,
  decide: (stored: StoredConfiguration) => ConfigurationDecision<T>,
): Promise<T> {
  const { dataDir, databaseUrl, databaseDirectUrl: directUrl } = config.storage;
  const { masterKey, previousMasterKeys } = config.secrets;
  if (databaseUrl !== null) {
    const cipher = createCipher(await loadMasterKey(masterKey, dataDir, warn), previousMasterKeys);
    return await changeOnPostgres(directUrl ?? databaseUrl, cipher, decide);
  }
  makeDirectory(dataDir);
  keepPrivate(dataDir, warn);
  const locks = await takeLocks(dataDir, 'the import');
  try {
    const cipher = createCipher(await loadMasterKey(masterKey, dataDir, warn), previousMasterKeys);
    return await changeWholeConfiguration(join(dataDir, 'hookwire.db'), cipher, systemClock.now(), decide);
  } finally {
    locks.release();
  }
}

async function changeOnPostgres<T>(
  url: string,
  cipher: Cipher,
  decide: (stored: StoredConfiguration) => ConfigurationDecision<T>,
): Promise<T> {
  const beside = await openPostgresDirectory(url, cipher, systemClock);
  try {
    return await beside.changeConfiguration(decide);
  } finally {
    await beside.close();
  }
}

/** Writes a text to a file that gets its name when it is whole, for its owner only. @throws {BackupError} */
export async function writePrivateFile(file: string, text: string, force: boolean): Promise<void> {
  const place = resolve(file);
  checkFree(place, force);
  const partial = await beginFile(place, Buffer.byteLength(text));
  try {
    await partial.handle.writeFile(text);
    await partial.finish(force);
  } finally {
    await partial.discard();
  }
}

export interface ResealOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, of: number) => void;
  readonly warn: (details: object, message: string) => void;
}

/** What a reseal has done, and the id of the master key that everything is to be sealed with. */
export interface ResealReport extends ResealResult {
  readonly masterKeyId: string;
}

/** Between two steps, for a gateway that is at work on the same directory. */
const resealRestMs = 5;

/**
 * Seals all secrets anew with the current master key, also beside a gateway that has that key.
 * @throws {BackupError} where there is nothing to reseal, or the gateway that runs has another key
 */
export async function resealDirectory(config: Config, options: ResealOptions): Promise<ResealReport> {
  onlyEmbedded(
    config,
    'hookwire reseal',
    'a gateway that starts with the new key and HOOKWIRE_MASTER_KEY_PREVIOUS seals everything anew by itself',
  );
  const { dataDir } = config.storage;
  const key = await findMasterKey(config);
  if (key === null || !existsSync(join(dataDir, 'hookwire.db'))) {
    throw new BackupError(
      'usage',
      `There is no database with a master key in ${dataDir}: set HOOKWIRE_DATA_DIR.`,
    );
  }
  const { sealing, close } = await openDirectory(config, (message) => options.warn({}, message));
  try {
    await sealing.check();
    const sealsNow = await sealing.current();
    if (sealsNow !== null && sealsNow !== key.id && isInUse(dataDir)) {
      throw sealsOtherwise(dataDir, sealsNow, key.id);
    }
    await sealing.begin(systemClock.now());
    const result = await resealAll({
      sealing,
      // A directory has one gateway at most, which was just found to have it.
      allSealWithIt: async () => true,
      rest: () => pause(resealRestMs),
      isStopped: () => options.signal.aborted,
      onStatus: () => {},
      tell: options.onProgress,
      log: { info: () => {}, warn: options.warn },
    });
    // A gateway was started with another key meanwhile.
    if (result.isWaiting) throw sealsOtherwise(dataDir, await sealing.current(), key.id);
    return { ...result, masterKeyId: key.id };
  } finally {
    await close();
  }
}

function sealsOtherwise(dataDir: string, sealsNow: string | null, keyId: string): BackupError {
  return new BackupError(
    'in_use',
    `The gateway that runs on ${dataDir} seals with master key ${sealsNow}, and this is ${keyId}: start it anew with this key first. It then seals everything anew by itself.`,
  );
}

function isInUse(dataDir: string): boolean {
  try {
    lockDirectory(dataDir).release();
    return false;
  } catch (error) {
    if (error instanceof DirectoryLockedError) return true;
    throw error;
  }
}
