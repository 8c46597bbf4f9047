import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockDatabase } from '../writer/database-lock.ts';
import { DirectoryLockedError, lockDirectory } from '../writer/directory-lock.ts';
import { BackupError } from './backup-error.ts';

/**
 * Keeps gateways from a directory, and from the database in it, where there is one.
 * @param before for which it is taken, as in "the restore"
 * @throws {BackupError} `in_use` where one runs
 */
export async function takeLocks(dataDir: string, before: string): Promise<{ release(): void }> {
  const file = join(dataDir, 'hookwire.db');
  let directory: ReturnType<typeof lockDirectory> | null = null;
  try {
    directory = lockDirectory(dataDir);
    const database = existsSync(file) ? await lockDatabase(file) : null;
    const taken = directory;
    return {
      release() {
        database?.release();
        taken.release();
      },
    };
  } catch (error) {
    directory?.release();
    if (!(error instanceof DirectoryLockedError)) throw error;
    throw new BackupError('in_use', `A Hookwire is running on ${dataDir}: stop it before ${before}.`, error);
  }
}
