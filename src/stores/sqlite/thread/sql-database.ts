import { Kysely, type SqlBool, sql } from 'kysely';
import type { Compilable, RowsOf, SqlDatabase } from '../../sql/sql-database.ts';
import type { SqlWords } from '../../sql/sql-words.ts';
import type { Tables } from '../../sql/tables.ts';
import { listRows } from '../reader/list-rows.ts';
import { createStoreDialect } from './kysely-dialect.ts';
import type { Threads } from './threads.ts';
import { toStatement } from './to-statement.ts';

const words: SqlWords = {
  texts: (list) => sql<{ value: string }>`json_each(${JSON.stringify(list)})`.as('texts'),
  objects: (list) => sql<{ value: unknown }>`json_each(${JSON.stringify(list)})`.as('objects'),
  items: (column, name) => sql<{ value: unknown }>`json_each(${sql.ref(column)}, ${`$.${name}`})`.as('items'),
  contains: (column, text) => sql<SqlBool>`instr(${sql.ref(column)}, ${text}) > 0`,
  patched: (column, members) => sql<string>`json_patch(${sql.ref(column)}, ${JSON.stringify(members)})`,
};

/** What is ordinary, on the store's threads: look-ups and lists by the reader, changes by the desk. */
export function createSqliteDatabase(threads: Threads): SqlDatabase {
  const { desk, reader } = threads;
  return {
    db: new Kysely<Tables>({ dialect: createStoreDialect(threads) }),
    words,
    async applyIf<const Queries extends readonly Compilable[]>(condition: Compilable, changes: Queries) {
      const results = await desk.applyIf(toStatement(condition), changes.map(toStatement));
      return results && (results.map(({ rows }) => rows) as unknown as RowsOf<Queries>);
    },
    listRows: (asker, query) => listRows(reader, asker, query),
  };
}
