import type { DatabaseSync } from 'node:sqlite';

/**
 * `writer`: the hot path's thread. `desk`: the thread for everything else that changes. `keeper`: the thread that keeps the
 * search index. `reader`: only reads.
 */
export type DatabaseRole = 'writer' | 'desk' | 'keeper' | 'reader';

const busyTimeoutMs = 10_000;
const cacheKiB = { writer: 65_536, desk: 8_192, keeper: 8_192, reader: 32_768 } as const satisfies Record<
  DatabaseRole,
  number
>;
const secureDelete = { writer: 'fast', desk: 'fast', keeper: 'on' } as const;
const walKeptBytes = 64 * 1024 * 1024;
/** Of the log, 64 MiB: a commit that makes it longer ends it. */
export const checkpointPages = 16_000;

/**
 * Sets up a connection; called by a thread right after it opened the file, outside of a transaction.
 *
 * - `synchronous=FULL` under WAL makes one fsync per commit, after which the commit survives a power cut; `fullfsync`
 *   makes that true on macOS too, where a plain fsync stops at the drive's cache.
 * - `busy_timeout`: writer and desk share one write lock. With the writer committing back to back, the desk gets the
 *   lock after 8 ms (median; 34 ms at most in 5 s), so waiting inside SQLite is enough.
 * - A commit ends in a checkpoint only each 64 MiB of WAL; before that the desk does it (`desk/checkpoints.ts`). An event for
 *   1,000 webhooks changes 1,000 pages of their index, and with SQLite's 4 MiB each commit with one did that besides.
 * - `secure_delete`: what is erased, wiped or sealed anew is overwritten on its page, where that costs no more pages; what
 *   is left elsewhere, an erasure overwrites (`wiping/`). A delivery took 38.8 µs of CPU without and 38.7 with (means of 4
 *   alternating rounds, which are as far apart as 33 and 43); `on`, which writes each freed page once more, 40.5.
 * - The keeper waits for no disk (`synchronous=NORMAL`): what it writes is there already in another form, commits reach the
 *   disk in their order, and the next one of the writer takes it along. All that it deletes is overwritten, so that what is
 *   forgotten is in no page that is free.
 * - Nor do pieces that cut or erase (`thread/unsynced.ts`): what a power cut takes back of them is done again.
 * - No `mmap_size`: an I/O error on mapped pages is a SIGBUS that ends the process instead of an error code.
 */
export function configure(db: DatabaseSync, role: DatabaseRole): void {
  if (role === 'reader') {
    db.exec(`
      pragma busy_timeout = ${busyTimeoutMs};
      pragma cache_size = -${cacheKiB[role]};
      pragma temp_store = memory;
    `);
    return;
  }
  db.exec(`
    pragma busy_timeout = ${busyTimeoutMs};
    pragma journal_mode = wal;
    pragma synchronous = ${role === 'keeper' ? 'normal' : 'full'};
    pragma fullfsync = on;
    pragma foreign_keys = on;
    pragma cache_size = -${cacheKiB[role]};
    pragma temp_store = memory;
    pragma wal_autocheckpoint = ${checkpointPages};
    pragma journal_size_limit = ${walKeptBytes};
    pragma secure_delete = ${secureDelete[role]};
  `);
}
