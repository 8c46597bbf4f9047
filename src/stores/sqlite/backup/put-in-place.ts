import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BackupError } from './backup-error.ts';

/** The files that are one database. */
const parts = ['', '-wal', '-shm', '-journal'] as const;

export function databaseIsThere(dataDir: string): boolean {
  return parts.some((part) => existsSync(join(dataDir, `hookwire.db${part}`)));
}

/**
 * Makes the database that is there one file, and keeps it for this process alone. A damaged one stays as it is.
 * @returns what lets go of it
 * @throws {BackupError} `in_use` when somebody has it open
 */
export function takeOver(dataDir: string): () => void {
  const file = join(dataDir, 'hookwire.db');
  if (!existsSync(file)) return () => {};
  const db = new DatabaseSync(file);
  try {
    db.exec('pragma busy_timeout = 2000; pragma journal_mode = delete; begin exclusive');
  } catch (error) {
    db.close();
    if (isBusy(error)) {
      throw new BackupError(
        'in_use',
        `Another command (keys, backup, reseal, sqlite3) is at work on ${file}: let it end first.`,
        error,
      );
    }
    // Damaged: that may be why there is a restore.
    return () => {};
  }
  return () => db.close();
}

/**
 * Keeps a copy of what is there under another name, and leaves no log behind that another database could be taken for.
 * @returns the names that it has now
 */
export function keepAside(dataDir: string, names: readonly string[], suffix: string): readonly string[] {
  const kept: string[] = [];
  for (const name of names) {
    const aside = asideName(name, suffix);
    linkSync(join(dataDir, name), join(dataDir, aside));
    kept.push(aside);
  }
  return kept;
}

export function partsThere(dataDir: string): readonly string[] {
  return parts.map((part) => `hookwire.db${part}`).filter((name) => existsSync(join(dataDir, name)));
}

/** Replaces the database by another one that is on the same disk. */
export function replaceDatabase(dataDir: string, by: string): void {
  for (const part of parts) if (part !== '') rmSync(join(dataDir, `hookwire.db${part}`), { force: true });
  renameSync(by, join(dataDir, 'hookwire.db'));
}

/** `hookwire.db-wal` becomes `hookwire.db<suffix>-wal`, so that it stays the log of its database. */
function asideName(name: string, suffix: string): string {
  const part = parts.find((ending) => ending !== '' && name.endsWith(ending)) ?? '';
  return name.slice(0, name.length - part.length) + suffix + part;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
