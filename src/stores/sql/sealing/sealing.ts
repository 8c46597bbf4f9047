import { type Kysely, sql } from 'kysely';
import type { Sealing, SealingKeys, SealingPlace } from '../../ports/sealing.ts';
import { type Cipher, CipherError, wrongKey } from '../../secrets/cipher.ts';
import type { Compilable, SqlDatabase } from '../sql-database.ts';
import type { Tables } from '../tables.ts';
import { type RowKey, type SealedRow, sealedTables, selectSealed, updateSealed } from './sealed-rows.ts';

/** A step reads so many rows: 2 ms of SQLite's desk (measured with webhooks of two header values each). */
const rowsAStep = 200;

/** The tables of master keys and of `sealed-rows.ts`. */
export function createSqlSealing({ db, words, applyIf }: SqlDatabase, cipher: Cipher): Sealing {
  async function keys(): Promise<SealingKeys> {
    const rows = await db
      .selectFrom('master_keys')
      .select('id')
      .where('id', '!=', cipher.keyId)
      .orderBy('since')
      .orderBy('id')
      .execute();
    const others = rows.map(({ id }) => ({ id, isAtHand: cipher.previousKeyIds.includes(id) }));
    return { current: cipher.keyId, others };
  }

  return {
    keys,

    async check() {
      checkSealing(await db.selectFrom('master_keys').select(['id', 'current']).execute(), cipher);
    },

    async current() {
      const row = await db.selectFrom('master_keys').select('id').where('current', '=', 1).executeTakeFirst();
      return row?.id ?? null;
    },

    async begin(now) {
      const seals = db
        .selectFrom('master_keys')
        .select('id')
        .where('id', '=', cipher.keyId)
        .where('current', '=', 1);
      const doesNot = db.selectNoFrom(sql`1`.as('one')).where(({ exists, not }) => not(exists(seals)));
      await applyIf(doesNot, beginSealing(db, cipher.keyId, now));
    },

    async step(from, reseal) {
      const place = from ?? { table: 0, after: [] };
      const table = sealedTables[place.table];
      if (!table) return { found: 0, done: 0, unreadable: [], next: null };
      const select = selectSealed(table, place.after, rowsAStep, cipher.keyId, words);
      const { rows } = await select.execute(db);
      const updates: Compilable[] = [];
      const unreadable = new Set<string>();
      let found = 0;
      for (const row of rows) {
        if (row.sealed === null) continue;
        found++;
        if (!reseal) continue;
        try {
          const resealed = table.reseal(row.sealed, row.owner, cipher);
          const update = updateSealed(table, keyOf(row, table.key), row.sealed, resealed);
          updates.push({ compile: () => update.compile(db) });
        } catch (error) {
          if (!(error instanceof CipherError)) throw error;
          unreadable.add(row.owner);
        }
      }
      if (updates.length > 0) await applyIf(db.selectNoFrom(sql`1`.as('always')), updates);
      const last = rows.at(-1);
      const next: SealingPlace =
        rows.length === rowsAStep && last
          ? { table: place.table, after: keyOf(last, table.key) }
          : place.table + 1 < sealedTables.length
            ? { table: place.table + 1, after: [] }
            : null;
      return { found, done: updates.length, unreadable: [...unreadable], next };
    },

    async retire(keyIds) {
      for (const id of keyIds) {
        await db.deleteFrom('master_keys').where('id', '=', id).where('current', '=', 0).execute();
      }
    },
  };
}

/**
 * @param rows of `master_keys`
 * @throws CipherError `wrong_master_key` when no key that seals is at hand
 */
export function checkSealing(
  rows: readonly Pick<Tables['master_keys'], 'id' | 'current'>[],
  cipher: Cipher,
): void {
  const atHand = ({ id }: { readonly id: string }): boolean =>
    id === cipher.keyId || cipher.previousKeyIds.includes(id);
  // Where no key is marked, an older version sealed, with one of them.
  const sealing = rows.filter(({ current }) => current === 1);
  const candidates = sealing.length > 0 ? sealing : rows;
  const [first] = candidates;
  if (first && !candidates.some(atHand)) throw wrongKey(first.id, cipher.keyId);
}

/** From now on this master key seals, which did not before. */
export function beginSealing(db: Kysely<Tables>, keyId: string, now: number): readonly Compilable[] {
  return [
    db.updateTable('master_keys').set({ current: 0 }),
    db
      .insertInto('master_keys')
      .values({ id: keyId, current: 1, since: now })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ current: 1, since: now })),
  ];
}

function keyOf(row: SealedRow, columns: readonly string[]): RowKey {
  return columns.map((column) => row[column] ?? '');
}
