import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ForgetPlace, Forgetting } from '../../ports/forgetting.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { type OldRows, oldRows } from './old-rows.ts';

/** A step looks at so many rows, and takes as many away at most. */
const rowsAStep = 200;

type RowKey = readonly (string | number)[];

/** What goes when it is old. */
export function createSqlForgetting({ db }: Pick<SqlDatabase, 'db'>): Forgetting {
  /** The key of the last row of the next piece; `null`: the rest is less than a piece. */
  async function endOf({ table, key }: OldRows, after: RowKey): Promise<RowKey | null> {
    const behind = after.length > 0 ? sql`where ${compare(key, '>', after)}` : sql``;
    const columns = columnsOf(key);
    const { rows } = await sql<Record<string, string | number>>`
      select ${columns} from ${sql.table(table)} ${behind}
      order by ${columns} limit 1 offset ${rowsAStep - 1}`.execute(db);
    const [row] = rows;
    return row ? key.map((column) => row[column] ?? '') : null;
  }

  return {
    async step(from, times) {
      const { kind, after } = from ?? { kind: 0, after: [] };
      const rows = oldRows[kind];
      if (!rows) throw new Error(`There is no kind ${kind} of what is forgotten.`);
      const end = await endOf(rows, after);
      const conditions = [
        ...(after.length > 0 ? [compare(rows.key, '>', after)] : []),
        ...(end ? [compare(rows.key, '<=', end)] : []),
        sql`(${rows.isOld(times)})`,
      ];
      const { numAffectedRows } = await sql`
        delete from ${sql.table(rows.table)} as old where ${sql.join(conditions, sql` and `)}`.execute(db);
      const gone = Number(numAffectedRows ?? 0);
      const isThrough = end === null || (rows.oldestFirst === true && gone < rowsAStep);
      const ofKind = isThrough ? null : { kind, after: end };
      return { what: rows.what, gone, next: ofKind ?? nextKind(kind) };
    },
  };
}

function nextKind(kind: number): ForgetPlace {
  return kind + 1 < oldRows.length ? { kind: kind + 1, after: [] } : null;
}

function compare(key: readonly string[], operator: '>' | '<=', values: RowKey): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${columnsOf(key)}) ${sql.raw(operator)} (${sql.join(values)})`;
}

function columnsOf(key: readonly string[]) {
  return sql.join(key.map((column) => sql.ref(column)));
}
