import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  type CompiledQuery,
  type Dialect,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { createQueryDriver, type RunQuery } from '../../sql/query-driver.ts';
import type { Tables } from '../../sql/tables.ts';
import { createStatementRunner, type StatementResult } from './statements.ts';
import type { Threads } from './threads.ts';

/**
 * Kysely on the store's threads. What only reads is a look-up of the reader, which sees everything that was written
 * before it was asked and waits behind nobody's changes; it must be small, see `reader/list-rows.ts` for lists. Every other
 * query is a request to the desk, in the order in which they were made. A transaction would hold the write lock that the hot
 * path needs: what belongs together goes through `desk.applyIf` as compiled queries.
 */
export function createStoreDialect({ desk, reader }: Threads): Dialect {
  return dialectOf(async <R>({ sql, parameters, query }: CompiledQuery) => {
    if (query.kind === 'SelectQueryNode') {
      return { rows: (await reader.look(sql, parameters as SQLInputValue[])) as unknown as R[] };
    }
    return resultOf<R>(await desk.query(sql, parameters as SQLInputValue[]));
  });
}

/** Queries on a connection that is at hand, in whatever transaction it has. */
export function queriesOn(db: DatabaseSync): Kysely<Tables> {
  const statements = createStatementRunner(db);
  return new Kysely<Tables>({
    dialect: dialectOf(async <R>({ sql, parameters }: CompiledQuery) =>
      resultOf<R>(statements.run({ sql, parameters: parameters as SQLInputValue[] })),
    ),
  });
}

function dialectOf(run: RunQuery): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createQueryDriver(run),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function resultOf<R>({ rows, changes, lastInsertRowid }: StatementResult): QueryResult<R> {
  return {
    rows: rows as unknown as R[],
    numAffectedRows: BigInt(changes),
    insertId: BigInt(lastInsertRowid),
  };
}
