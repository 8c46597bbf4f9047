import {
  type CompiledQuery,
  type Dialect,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { ClientBase, Pool } from 'pg';
import { createQueryDriver } from '../../sql/query-driver.ts';
import type { Tables } from '../../sql/tables.ts';
import { answerable } from '../unreachable.ts';
import { toQuery } from './to-query.ts';

/**
 * Kysely on the pool, a connection for each query: one that fails or has no answer in time is not given to anybody else, as
 * it would be by Kysely's own dialect.
 */
export function createPostgresDialect(pool: Pool): Dialect {
  return dialectOf((query) => answerable(pool.query(toQuery(query))));
}

/** Queries on one connection, in the transaction that it has. */
export function queriesOn(client: ClientBase): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOf((query) => client.query(toQuery(query))) });
}

function dialectOf(
  run: (query: CompiledQuery) => Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>,
): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () =>
      createQueryDriver(async <R>(query: CompiledQuery) => {
        const { rows, rowCount } = await run(query);
        return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
      }),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
