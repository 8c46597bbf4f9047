import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sequenceTime } from '../../../core/ids.ts';
import { readApplied } from '../migrations/identify.ts';
import { migrations } from '../migrations/index.ts';
import { BackupError } from './backup-error.ts';
import { type BackupRecord, writeBackupRecord } from './backup-record.ts';
import { type CopyContents, checkCopy } from './check-copy.ts';
import { type CopyReport, copyDatabase } from './copy-database.ts';
import { refusedByDisk } from './disk-refuses.ts';
import { beginFile, checkFree } from './partial-file.ts';
import { refuseUnfinishedRestore } from './unfinished-restore.ts';

export interface BackupOptions {
  readonly dataDir: string;
  /** Where the backup goes. */
  readonly file: string;
  /** A file that is there is replaced. */
  readonly force: boolean;
  /** The program's. */
  readonly version: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BackupProgress) => void;
}

export type BackupProgress =
  | { readonly doing: 'copy'; readonly bytes: number; readonly of: number }
  | { readonly doing: 'check' };

export interface BackupReport extends CopyReport {
  readonly takenAt: number;
  /** The master keys without which its secrets cannot be read. */
  readonly keyIds: readonly string[];
  readonly webhooks: number;
  /** When the last event in it came, ms; `null`: there is none. */
  readonly lastEventAt: number | null;
}

/** What the gateway has in its directory, by how the names begin. */
const ownFiles = /^(hookwire\.(db|lock)|master\.key)/;

/**
 * Copies the database of a gateway, running or not, into one file, and reads the copy to its end.
 * @throws {BackupError} and leaves no file
 */
export async function backUp(options: BackupOptions): Promise<BackupReport> {
  const database = join(options.dataDir, 'hookwire.db');
  const file = resolve(options.file);
  if (!existsSync(database)) {
    throw new BackupError('usage', `There is no database in ${options.dataDir}: set HOOKWIRE_DATA_DIR.`);
  }
  checkFree(file, options.force);
  if (isInside(file, options.dataDir) && ownFiles.test(basename(file))) {
    throw new BackupError('usage', `${file} is one of the gateway's own files: name another one.`);
  }
  prepareSource(database);
  const takenAt = options.now();
  const partial = await beginFile(file, statSync(database).size);
  try {
    const report = await copyDatabase({
      file: database,
      target: partial.handle,
      signal: options.signal,
      onProgress: (bytes, of) => options.onProgress({ doing: 'copy', bytes, of }),
    });
    options.onProgress({ doing: 'check' });
    const { keyIds, webhooks, lastEvent } = label(partial.path, { takenAt, version: options.version });
    options.signal.throwIfAborted();
    await partial.finish(options.force);
    const lastEventAt = lastEvent === null ? null : sequenceTime(lastEvent);
    return { ...report, takenAt, keyIds, webhooks, lastEventAt };
  } catch (error) {
    throw refusedByDisk(error, file);
  } finally {
    await partial.discard();
  }
}

/** A database that was restored and never started is in another mode. */
function prepareSource(database: string): void {
  refuseUnfinishedRestore(database);
  const db = new DatabaseSync(database);
  try {
    db.exec('pragma busy_timeout = 10000');
    readApplied(db, migrations);
    db.exec('pragma journal_mode = wal');
  } finally {
    db.close();
  }
}

function label(path: string, record: BackupRecord): CopyContents {
  const db = new DatabaseSync(path);
  try {
    // A journal would be a second file; where this fails, there is no backup.
    db.exec('pragma journal_mode = off; pragma synchronous = off');
    writeBackupRecord(db, record);
    return checkCopy(db, 'The copy', 'quick');
  } finally {
    db.close();
  }
}

function isInside(file: string, directory: string): boolean {
  return realpathSync(dirname(file)) === realpathSync(directory);
}
