import { DatabaseSync } from 'node:sqlite';
import { refuseUnfinishedRestore } from './backup/unfinished-restore.ts';
import { readApplied } from './migrations/identify.ts';
import { migrations } from './migrations/index.ts';
import { migrate } from './migrations/migrate.ts';
import { refuseMoved } from './moving/markers.ts';
import { configure, type DatabaseRole } from './pragmas.ts';

/**
 * Opens the database, made where there is none, and brings it up to date; for whoever opens it first. Even its journal
 * mode is not touched before it is known to be ours.
 *
 * @param isMove by the move that fills it, or has filled another one from it
 * @throws {UnfinishedRestoreError} when a restore was ended in the middle
 * @throws {MovedStoreError} when its contents are being moved, or are elsewhere now
 * @throws {SchemaError} when it belongs to another application or to a newer version
 * @throws {MigrationError} when a step of the schema fails
 */
export function openDatabase(file: string, role: DatabaseRole, { isMove = false } = {}): DatabaseSync {
  refuseUnfinishedRestore(file);
  if (!isMove) refuseMoved(file);
  const db = new DatabaseSync(file);
  try {
    readApplied(db, migrations);
    configure(db, role);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
