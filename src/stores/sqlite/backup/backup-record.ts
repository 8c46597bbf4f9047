import type { DatabaseSync } from 'node:sqlite';

/** What a backup tells of itself. */
export interface BackupRecord {
  /** When it was begun, ms since the Unix epoch: what was acknowledged before is in it. */
  readonly takenAt: number;
  /** The version of the program that made it. */
  readonly version: string;
}

/** A table that only backups have, whatever their schema. */
const table = 'hookwire_backup';

export function writeBackupRecord(db: DatabaseSync, { takenAt, version }: BackupRecord): void {
  db.exec(
    `drop table if exists ${table}; create table ${table} (taken_at integer not null, version text not null) strict`,
  );
  db.prepare(`insert into ${table} values (?, ?)`).run(takenAt, version);
}

/** `null`: a copy that was made otherwise. */
export function readBackupRecord(db: DatabaseSync): BackupRecord | null {
  const known = db.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(table);
  const row = known && db.prepare(`select taken_at, version from ${table}`).get();
  return row ? { takenAt: Number(row.taken_at), version: String(row.version) } : null;
}

export function dropBackupRecord(db: DatabaseSync): void {
  db.exec(`drop table if exists ${table}`);
}
