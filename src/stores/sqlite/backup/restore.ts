import {
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sequenceTime } from '../../../core/ids.ts';
import { makeDirectory } from '../../../core/make-directory.ts';
import { BackupError } from './backup-error.ts';
import { type BackupRecord, dropBackupRecord, readBackupRecord } from './backup-record.ts';
import { type CopyContents, checkCopy } from './check-copy.ts';
import { refusedByDisk } from './disk-refuses.ts';
import { beginFile } from './partial-file.ts';
import { createPieceWriter, readPiece } from './pieces.ts';
import { databaseIsThere, keepAside, replaceDatabase } from './put-in-place.ts';
import { headerBytes, isSqliteHeader } from './sqlite-header.ts';
import { takeLocks } from './take-locks.ts';
import { whileRestoring } from './unfinished-restore.ts';

export interface RestoreOptions {
  readonly dataDir: string;
  /** The backup. */
  readonly file: string;
  /** What is there gives way, and is kept under another name. */
  readonly replace: boolean;
  /** The ids of the master keys that the gateway will have. */
  readonly keyIds: readonly string[];
  /** Becomes the directory's `master.key`. */
  readonly masterKey: string | null;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RestoreProgress) => void;
}

export type RestoreProgress =
  | { readonly doing: 'copy'; readonly bytes: number; readonly of: number }
  | { readonly doing: 'check' };

export interface RestoreReport {
  readonly bytes: number;
  /** `null`: the file was not made by `hookwire backup`. */
  readonly record: BackupRecord | null;
  readonly webhooks: number;
  readonly lastEventAt: number | null;
  /** Names in the data directory under which what was there is kept. */
  readonly kept: readonly string[];
}

const chunkBytes = 1024 * 1024;
const leftBehind = /^hookwire\.db\.[0-9a-f]{8}\.partial$/;

/**
 * Checks a backup and puts it in place of the database, while no gateway runs. All checks are made on a copy in the data
 * directory, so until they are over nothing has changed; then the copy gets the database's name in one step.
 *
 * @throws {BackupError} and what was there before is still there
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { dataDir } = options;
  const file = resolve(options.file);
  const source = await openBackup(file);
  try {
    makeDirectory(dataDir);
    const lock = await takeLocks(dataDir, 'the restore');
    try {
      for (const name of readdirSync(dataDir)) if (leftBehind.test(name)) rmSync(join(dataDir, name));
      checkWhatIsThere(options);
      return await copyAndReplace(source, file, options);
    } finally {
      lock.release();
    }
  } finally {
    await source.close();
  }
}

async function openBackup(file: string): Promise<FileHandle> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new BackupError('usage', `There is no file ${file}.`);
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    throw new BackupError(
      'data',
      `${file} is a part of a database in use (its -wal file lies beside it): give a file that \`hookwire backup\` made.`,
    );
  }
  const handle = await open(file, 'r');
  if (isSqliteHeader(await readPiece(handle, { at: 0, bytes: headerBytes }))) return handle;
  await handle.close();
  throw new BackupError('data', `${file} is no backup of Hookwire: it is no SQLite database.`);
}

function checkWhatIsThere({ dataDir, replace, masterKey }: RestoreOptions): void {
  if (replace) return;
  const says = 'give --replace to put the backup in its place (what is there is kept under another name)';
  if (databaseIsThere(dataDir)) {
    throw new BackupError('usage', `${dataDir} has a database: ${says}, or set another HOOKWIRE_DATA_DIR.`);
  }
  if (masterKey !== null && (currentKey(dataDir) ?? masterKey) !== masterKey) {
    throw new BackupError('usage', `${dataDir} has another master.key: ${says}.`);
  }
}

async function copyAndReplace(
  source: FileHandle,
  name: string,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { dataDir } = options;
  const { size } = await source.stat();
  const copy = await beginFile(join(dataDir, 'hookwire.db'), size);
  try {
    await copyFile(source, copy.handle, size, options);
    await copy.handle.sync();
    options.onProgress({ doing: 'check' });
    const { record, contents } = examine(copy.path, name);
    checkKeys(contents.keyIds, options);
    await copy.handle.sync();
    giveToOwner(copy.path, dataDir);
    options.signal.throwIfAborted();
    const kept = await putInPlace(copy.path, options);
    const { webhooks, lastEvent } = contents;
    const lastEventAt = lastEvent === null ? null : sequenceTime(lastEvent);
    return { bytes: size, record, webhooks, lastEventAt, kept };
  } catch (error) {
    throw refusedByDisk(error, join(dataDir, 'hookwire.db'));
  } finally {
    await copy.discard();
  }
}

async function copyFile(
  source: FileHandle,
  target: FileHandle,
  size: number,
  { signal, onProgress }: RestoreOptions,
): Promise<void> {
  const write = createPieceWriter(target);
  for (let at = 0; at < size; at += chunkBytes) {
    signal.throwIfAborted();
    await write(at, await readPiece(source, { at, bytes: Math.min(chunkBytes, size - at) }));
    onProgress({ doing: 'copy', bytes: Math.min(at + chunkBytes, size), of: size });
  }
}

/** Reads all of the copy, which from then on is a database like any other. */
function examine(
  path: string,
  name: string,
): { readonly record: BackupRecord | null; readonly contents: CopyContents } {
  const db = new DatabaseSync(path);
  try {
    db.exec('pragma journal_mode = delete');
    const contents = checkCopy(db, name, 'whole');
    const record = readBackupRecord(db);
    dropBackupRecord(db);
    return { record, contents };
  } finally {
    db.close();
  }
}

function checkKeys(needed: readonly string[], { keyIds, dataDir }: RestoreOptions): void {
  const missing = needed.filter((id) => !keyIds.includes(id));
  if (missing.length === 0) return;
  const has = keyIds.length === 0 ? 'there is none here' : `here is ${keyIds.join(', ')}`;
  throw new BackupError(
    'usage',
    `The secrets in the backup are sealed with master key ${missing.join(', ')}, and ${has}. Give the key of then: ` +
      `--key FILE, master.key in ${dataDir}, or HOOKWIRE_MASTER_KEY (and HOOKWIRE_MASTER_KEY_PREVIOUS).`,
  );
}

/** @returns the names that what was there has now */
async function putInPlace(copy: string, options: RestoreOptions): Promise<readonly string[]> {
  const { dataDir, masterKey } = options;
  const suffix = freeSuffix(dataDir, new Date(options.now()));
  const newKey = masterKey !== null && currentKey(dataDir) !== masterKey ? masterKey : null;
  const kept = keepAside(dataDir, newKey === null ? [] : ['master.key'], suffix);
  try {
    await whileRestoring(dataDir, async () => {
      if (newKey !== null) placeKey(dataDir, newKey);
      replaceDatabase(dataDir, copy);
    });
    return kept.names;
  } finally {
    kept.letGo();
  }
}

/** For the names of what was there: the second of the restore, and its number where that second has had others. */
function freeSuffix(dataDir: string, at: Date): string {
  const second = `.before-restore-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const taken = readdirSync(dataDir).filter((name) => name.includes(second));
  let suffix = second;
  for (let number = 2; taken.some((name) => name.includes(suffix)); number++) suffix = `${second}-${number}`;
  return suffix;
}

function currentKey(dataDir: string): string | null {
  const file = join(dataDir, 'master.key');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** What root restores belongs to whoever has the directory, as whom the gateway runs. */
function giveToOwner(file: string, dataDir: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dataDir);
  chownSync(file, uid, gid);
}

function placeKey(dataDir: string, masterKey: string): void {
  const draft = join(dataDir, 'master.key.partial');
  rmSync(draft, { force: true });
  writeFileSync(draft, `${masterKey}\n`, { mode: 0o600, flush: true });
  giveToOwner(draft, dataDir);
  renameSync(draft, join(dataDir, 'master.key'));
}
