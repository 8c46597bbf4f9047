import type { DatabaseSync } from 'node:sqlite';
import { prepare } from './work.ts';

/** Accounts that are marked as deleted, while what they had is being removed: nobody is shown it. */
export function hiddenAccounts(db: DatabaseSync): ReadonlySet<unknown> {
  const rows = prepare(db, 'SELECT id FROM accounts WHERE deleted_at IS NOT NULL').all();
  return new Set(rows.map(({ id }) => id));
}
