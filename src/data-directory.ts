import { resolve } from 'node:path';
import type { Config } from './config/config.ts';
import { systemClock } from './core/clock.ts';
import { version } from './core/version.ts';
import type { Directory } from './stores/ports/directory.ts';
import { createCipher } from './stores/secrets/cipher.ts';
import { deriveKey } from './stores/secrets/master-key.ts';
import { loadMasterKey, readMasterKeyFile } from './stores/secrets/master-key-file.ts';
import {
  type BackupOptions,
  type BackupProgress,
  type BackupReport,
  backUp,
} from './stores/sqlite/backup/backup.ts';
import { beginFile, checkFree } from './stores/sqlite/backup/partial-file.ts';
import {
  type RestoreOptions,
  type RestoreProgress,
  type RestoreReport,
  restore,
} from './stores/sqlite/backup/restore.ts';
import { openSqliteDirectory } from './stores/sqlite/open.ts';

/**
 * The data directory as commands see it that work beside the gateway, or without one. With `gateway.ts` this is the
 * only place that chooses a store.
 */
export async function openDirectory(
  config: Config,
  warn: (message: string) => void,
): Promise<{ readonly directory: Directory; close(): Promise<void> }> {
  const { dataDir } = config.storage;
  const { masterKey, previousMasterKeys } = config.secrets;
  return await openSqliteDirectory({
    dataDir,
    cipher: createCipher(await loadMasterKey(masterKey, dataDir, warn), previousMasterKeys),
    clock: systemClock,
  });
}

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

/** Writes a master key to a file of its own, for its owner only. @throws {BackupError} where the file is there without `force` */
export async function writeKeyFile(file: string, text: string, force: boolean): Promise<void> {
  const place = resolve(file);
  checkFree(place, force);
  const partial = await beginFile(place, 0);
  try {
    await partial.handle.writeFile(`${text}\n`);
    await partial.finish(force);
  } finally {
    await partial.discard();
  }
}

export type CopyProgress = BackupProgress | RestoreProgress;
export type { BackupReport, RestoreReport };

type Asked<Options> = Omit<Options, 'dataDir' | 'version' | 'now'>;

/** @throws {BackupError} */
export function backUpDirectory(config: Config, options: Asked<BackupOptions>): Promise<BackupReport> {
  return backUp({ ...options, dataDir: config.storage.dataDir, version, now: systemClock.now });
}

/** @throws {BackupError} */
export async function restoreDirectory(
  config: Config,
  options: Omit<Asked<RestoreOptions>, 'keyIds'>,
): Promise<RestoreReport> {
  const { masterKey } = options;
  const current = masterKey === null ? (await findMasterKey(config))?.id : deriveKey(masterKey).id;
  const previous = config.secrets.previousMasterKeys.map((key) => deriveKey(key).id);
  const keyIds = [...(current === undefined ? [] : [current]), ...previous];
  return await restore({ ...options, keyIds, dataDir: config.storage.dataDir, now: systemClock.now });
}
