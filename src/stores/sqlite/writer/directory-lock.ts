import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A second gateway on one data directory would send everything twice; this is how it finds out. */
export class DirectoryLockedError extends Error {
  readonly code = 'data_directory_locked';
  constructor(dataDir: string) {
    super(`Another Hookwire is running on ${dataDir}. Stop it, or give this one its own HOOKWIRE_DATA_DIR.`);
    this.name = 'DirectoryLockedError';
  }
}

/**
 * Takes the data directory for this process. The lock is SQLite's own, on a file of its own, so the operating system
 * lets go of it however the process ends.
 */
export function lockDirectory(dataDir: string): { release(): void } {
  const db = new DatabaseSync(join(dataDir, 'hookwire.lock'));
  try {
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw error instanceof Error && /locked|busy/i.test(error.message)
      ? new DirectoryLockedError(dataDir)
      : error;
  }
  return { release: () => db.close() };
}
