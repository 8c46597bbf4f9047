import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BackupError } from './backup-error.ts';

/** The files that are one database. */
const parts = ['', '-wal', '-shm', '-journal'] as const;

export function databaseIsThere(dataDir: string): boolean {
  return parts.some((part) => existsSync(join(dataDir, `hookwire.db${part}`)));
}

/** What was there, under other names. */
export interface KeptAside {
  /** In the data directory. */
  readonly names: readonly string[];
  /** Lets go of the database that was there. */
  letGo(): void;
}

/**
 * Gives what is there a second name, and keeps it for this process alone. A damaged database stays as it is, with its
 * log; one that is well becomes one file.
 * @throws {BackupError} `in_use` when somebody has it open
 */
export function keepAside(dataDir: string, more: readonly string[], suffix: string): KeptAside {
  const there = [...parts.map((part) => `hookwire.db${part}`), ...more];
  const names = there
    .filter((name) => !name.endsWith('-shm') && existsSync(join(dataDir, name)))
    .map((name) => {
      const aside = asideName(name, suffix);
      linkSync(join(dataDir, name), join(dataDir, aside));
      return aside;
    });
  const remove = (unwanted: readonly string[]): void => {
    for (const name of unwanted) rmSync(join(dataDir, name));
  };
  try {
    const database = takeOver(join(dataDir, 'hookwire.db'));
    if (!database) return { names, letGo: () => {} };
    // All of its log is in the database now.
    const isLog = (name: string): boolean => name.endsWith('-wal') || name.endsWith('-journal');
    remove(names.filter(isLog));
    return { names: names.filter((name) => !isLog(name)), letGo: () => database.close() };
  } catch (error) {
    remove(names);
    throw error;
  }
}

/** `null`: it is not there, or it is damaged, which may be why there is a restore. */
function takeOver(file: string): DatabaseSync | null {
  if (!existsSync(file)) return null;
  const db = new DatabaseSync(file);
  try {
    db.exec('pragma busy_timeout = 2000; pragma journal_mode = delete; begin exclusive');
    return db;
  } catch (error) {
    db.close();
    if (!isBusy(error)) return null;
    throw new BackupError(
      'in_use',
      `Another command (keys, backup, reseal, sqlite3) is at work on ${file}: let it end first.`,
      error,
    );
  }
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
