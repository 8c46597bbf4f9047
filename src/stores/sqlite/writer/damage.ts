import { ThreadError } from '../../../core/threads/thread-error.ts';

/** SQLITE_CORRUPT and SQLITE_NOTADB, of which the extended codes have these in their low byte. */
const damaged: readonly number[] = [11, 26];

/** Whether SQLite says that the database is damaged, which no later commit makes good. */
export function isDamage(error: Error): boolean {
  const code = error instanceof ThreadError ? error.sqliteCode : null;
  return code !== null && damaged.includes(code & 0xff);
}
