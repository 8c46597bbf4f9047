import type { SQLInputValue } from 'node:sqlite';
import type { Sealing, SealingKeys, SealingPlace } from '../../ports/sealing.ts';
import { type Cipher, CipherError, wrongKey } from '../../secrets/cipher.ts';
import type { Desk } from '../desk/desk.ts';
import type { Row, Statement } from '../thread/statements.ts';
import { sealedTables } from './sealed-rows.ts';

/** A step reads so many rows: 2 ms of the desk (measured with webhooks of two header values each). */
const rowsAStep = 200;

const always: Statement = { sql: 'select 1', parameters: [] };

/** The tables of `migrations/014-master-keys.ts` and of `sealed-rows.ts`, through the desk. */
export function createSqliteSealing(desk: Desk, cipher: Cipher): Sealing {
  async function keys(): Promise<SealingKeys> {
    const { rows } = await desk.query('select id from master_keys where id != ? order by since, id', [
      cipher.keyId,
    ]);
    const others = rows.map(({ id }) => ({
      id: String(id),
      isAtHand: cipher.previousKeyIds.includes(String(id)),
    }));
    return { current: cipher.keyId, others };
  }

  return {
    keys,

    async check() {
      const { rows } = await desk.query('select id, current from master_keys', []);
      checkSealing(rows, cipher);
    },

    async current() {
      const { rows } = await desk.query('select id from master_keys where current = 1', []);
      return rows[0] ? String(rows[0].id) : null;
    },

    async begin(now) {
      await desk.applyIf(
        {
          sql: 'select 1 where not exists (select 1 from master_keys where id = ? and current = 1)',
          parameters: [cipher.keyId],
        },
        beginSealing(cipher.keyId, now),
      );
    },

    async step(from, reseal) {
      const place = from ?? { table: 0, after: [] };
      const table = sealedTables[place.table];
      if (!table) return { found: 0, done: 0, unreadable: [], next: null };
      const select = table.select(place.after, rowsAStep, cipher.keyId);
      const { rows } = await desk.query(select.sql, select.parameters);
      const found = rows.filter(({ sealed }) => sealed !== null);
      const updates: Statement[] = [];
      const unreadable = new Set<string>();
      for (const row of reseal ? found : []) {
        const owner = String(row.owner);
        const sealed = String(row.sealed);
        try {
          updates.push(table.update(keyOf(row, table.key), sealed, table.reseal(sealed, owner, cipher)));
        } catch (error) {
          if (!(error instanceof CipherError)) throw error;
          unreadable.add(owner);
        }
      }
      if (updates.length > 0) await desk.applyIf(always, updates);
      const last = rows.at(-1);
      const next: SealingPlace =
        rows.length === rowsAStep && last
          ? { table: place.table, after: keyOf(last, table.key) as (string | number)[] }
          : place.table + 1 < sealedTables.length
            ? { table: place.table + 1, after: [] }
            : null;
      return { found: found.length, done: updates.length, unreadable: [...unreadable], next };
    },

    async retire(keyIds) {
      for (const id of keyIds) {
        await desk.query('delete from master_keys where id = ? and current = 0', [id]);
      }
    },
  };
}

/**
 * @param rows of `master_keys`
 * @throws CipherError `wrong_master_key` when no key that seals is at hand
 */
export function checkSealing(rows: readonly Row[], cipher: Cipher): void {
  const atHand = ({ id }: Row): boolean => id === cipher.keyId || cipher.previousKeyIds.includes(String(id));
  // Where no key is marked, an older version sealed, with one of them.
  const sealing = rows.filter(({ current }) => current === 1);
  const candidates = sealing.length > 0 ? sealing : rows;
  const [first] = candidates;
  if (first && !candidates.some(atHand)) throw wrongKey(String(first.id), cipher.keyId);
}

/** From now on this master key seals, which did not before. */
export function beginSealing(keyId: string, now: number): readonly Statement[] {
  return [
    { sql: 'update master_keys set current = 0', parameters: [] },
    {
      sql: 'insert into master_keys values (?, 1, ?) on conflict (id) do update set current = 1, since = excluded.since',
      parameters: [keyId, now],
    },
  ];
}

function keyOf(row: Row, columns: readonly string[]): SQLInputValue[] {
  return columns.map((column) => row[column] ?? null);
}
