import { chmodSync, closeSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ownerOnly = 0o600;
const others = 0o077;

/** The database with its journals, and the lock. The master key's file is looked at where it is read. */
const kept = /^hookwire\.(db|lock)(-wal|-shm|-journal)?$/;
const made = ['hookwire.db', 'hookwire.lock'];

/**
 * Keeps the files of a data directory to their owner: messages and phone numbers are in them. New ones are made so before
 * SQLite opens them (it makes its journals like the file that they belong to); those of before are closed to others.
 *
 * The directory itself is made 0700. One that is there and open to others may be so on purpose (a mount, a backup's
 * group), so it is left as it is, and `warn` says how to mend it.
 */
export function keepPrivate(dataDir: string, warn: (message: string) => void = () => {}): void {
  if (process.platform === 'win32') return;
  const mode = statSync(dataDir).mode & 0o777;
  if ((mode & others) !== 0) {
    warn(
      `The data directory ${dataDir} is open to other users of this machine (mode ${mode.toString(8)}): chmod 700 '${dataDir}' closes it.`,
    );
  }
  for (const name of made) makeFile(join(dataDir, name));
  const open = readdirSync(dataDir).filter((name) => kept.test(name) && isOpen(join(dataDir, name)));
  if (open.length === 0) return;
  const left = open.filter((name) => !close(join(dataDir, name)));
  const closed = open.filter((name) => !left.includes(name));
  if (closed.length > 0) {
    warn(`${closed.join(', ')} of ${dataDir} could be read by others; now only the owner may.`);
  }
  if (left.length > 0) {
    warn(
      `${left.join(', ')} of ${dataDir} can be read by others, and Hookwire may not change that: chmod 600 does, by the owner.`,
    );
  }
}

/** Leaves one that is there as it is. */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', ownerOnly));
  } catch (error) {
    // What cannot be made, SQLite cannot open either, and says so.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function isOpen(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & others) !== 0;
}

/** Whether it could be closed to others; a journal may be gone meanwhile. */
function close(file: string): boolean {
  try {
    chmodSync(file, ownerOnly);
    return true;
  } catch {
    return !isOpen(file);
  }
}
