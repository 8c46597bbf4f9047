import { Kysely, type SqlBool, sql } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Compilable, RowsOf, SqlDatabase } from '../../sql/sql-database.ts';
import type { SqlWords } from '../../sql/sql-words.ts';
import type { Tables } from '../../sql/tables.ts';
import { inTransaction } from '../transaction.ts';
import { answerable } from '../unreachable.ts';
import { createAskers } from './askers.ts';
import { createPostgresDialect } from './kysely-dialect.ts';
import { readList } from './read-list.ts';
import { toQuery } from './to-query.ts';

const words: SqlWords = {
  texts: (list) => sql<{ value: string }>`unnest(${list}::text[])`.as<'texts'>(sql`texts (value)`),
  objects: (list) =>
    sql<{ value: unknown }>`json_array_elements(${JSON.stringify(list)}::json)`.as<'objects'>(
      sql`objects (value)`,
    ),
  items: (column, name) =>
    sql<{ value: unknown }>`json_array_elements(${sql.ref(column)}::json -> ${name})`.as<'items'>(
      sql`items (value)`,
    ),
  contains: (column, text) => sql<SqlBool>`strpos(${sql.ref(column)}, ${text}) > 0`,
  patched: (column, members) =>
    sql<string>`jsonb_strip_nulls(${sql.ref(column)}::jsonb || ${JSON.stringify(members)}::jsonb)::text`,
};

/** Transactions of one process at once: where many change the same, each that gets through may end all others. */
const mostChanges = 4;
const mostWaitingChanges = 1_000;

/**
 * What is ordinary, on the pool. `applyIf` is a serializable transaction: what its condition has looked at holds when it
 * commits, whoever else writes, in this process or another.
 */
export function createPostgresDatabase(pool: Pool): SqlDatabase {
  const changes = createAskers({ atOnce: mostChanges, ofOne: mostChanges, waitingOfOne: mostWaitingChanges });
  // Lists have half of the connections, and one asker half of that.
  const listsAtOnce = Math.max(1, Math.floor(pool.options.max / 2));
  const askers = createAskers({ atOnce: listsAtOnce, ofOne: Math.ceil(listsAtOnce / 2) });
  return {
    db: new Kysely<Tables>({ dialect: createPostgresDialect(pool) }),
    words,
    async applyIf<const Queries extends readonly Compilable[]>(condition: Compilable, then: Queries) {
      const asked = toQuery(condition.compile());
      const queries = then.map((query) => toQuery(query.compile()));
      const change = async (client: PoolClient): Promise<RowsOf<Queries> | null> => {
        const { rowCount } = await client.query(asked);
        if (!rowCount) return null;
        const results: unknown[][] = [];
        for (const query of queries) results.push((await client.query(query)).rows);
        return results as unknown as RowsOf<Queries>;
      };
      const transaction = () => inTransaction(pool, 'serializable', change, { inLine: true });
      return changes.inTurn('', () => answerable(transaction()));
    },
    listRows: (asker, query) => askers.inTurn(asker ?? '', () => answerable(readList(pool, query))),
  };
}
