import type { TrustedTimeStore } from '../ports/trusted-time.ts';
import type { SqlDatabase } from './sql-database.ts';

/** One row of table `trusted_time`. */
export function createSqlTrustedTime({ db }: Pick<SqlDatabase, 'db'>): TrustedTimeStore {
  return {
    async load() {
      const row = await db.selectFrom('trusted_time').selectAll().executeTakeFirst();
      if (!row) return null;
      const { at, ahead_ms: aheadMs, doubted_ms: forMs } = row;
      return { at, doubt: aheadMs === null ? null : { aheadMs, forMs: forMs ?? 0 } };
    },
    async save({ at, doubt }) {
      const known = { at, ahead_ms: doubt?.aheadMs ?? null, doubted_ms: doubt?.forMs ?? null };
      await db
        .insertInto('trusted_time')
        .values({ id: 1, ...known })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(known))
        .execute();
    },
  };
}
