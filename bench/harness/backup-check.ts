import { DatabaseSync } from 'node:sqlite';
import type { LedgerEntry } from './ledger-load.ts';

/** What a backup has of a ledger. */
export interface BackupVerdict {
  /** Events acknowledged before the backup began that are not in it: must be 0. */
  readonly missing: number;
  /** Calls of which it has a part, and events without their deliveries: must be 0. */
  readonly torn: number;
  /** Events that came while it was made and are in it. */
  readonly later: number;
  /** What SQLite says of it: `ok`. */
  readonly integrity: string;
}

/** @param file the backup; it is only read */
export function checkBackup(file: string, ledger: readonly LedgerEntry[], begunAt: number): BackupVerdict {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = db.prepare('select id from events where id is not null').all();
    const known = new Set(rows.map(({ id }) => String(id)));
    let missing = 0;
    let torn = 0;
    let later = 0;
    for (const { ids, answeredAt } of ledger) {
      const there = ids.filter((id) => known.has(id)).length;
      if (there !== 0 && there !== ids.length) torn++;
      if (answeredAt < begunAt) missing += ids.length - there;
      else later += there;
    }
    const halves = db.prepare(`
      select count(*) as n from events
      where id is not null and deliveries != (
        select count(*) from deliveries where deliveries.seq > events.seq and deliveries.seq <= events.seq + events.deliveries
      )`);
    const check = db.prepare('pragma integrity_check').all();
    const integrity = check.map((row) => String(Object.values(row)[0])).join('; ');
    return { missing, torn: torn + Number(halves.get()?.n), later, integrity };
  } finally {
    db.close();
  }
}
