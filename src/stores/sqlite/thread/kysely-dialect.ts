import type { SQLInputValue } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Threads } from './threads.ts';

/**
 * Kysely on the store's threads. What only reads is a look-up of the reader, which sees everything that was written
 * before it was asked and waits behind nobody's changes; it must be small, see `reader/list-rows.ts` for lists. Every other
 * query is a request to the desk, in the order in which they were made. Transactions are refused: Kysely would hold one
 * open over several turns of the main thread, and with it the write lock that the hot path needs. What belongs together
 * goes through `desk.applyIf` as compiled queries.
 */
export function createStoreDialect(threads: Threads): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createStoreDriver(threads),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function createStoreDriver({ desk, reader }: Threads): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
      if (query.kind === 'SelectQueryNode') {
        return { rows: (await reader.look(sql, parameters as SQLInputValue[])) as unknown as R[] };
      }
      const { rows, changes, lastInsertRowid } = await desk.query(sql, parameters as SQLInputValue[]);
      return {
        rows: rows as unknown as R[],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      };
    },
    streamQuery() {
      throw new Error('The store does not stream: ask for pages.');
    },
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuseTransaction,
    commitTransaction: refuseTransaction,
    rollbackTransaction: refuseTransaction,
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

async function refuseTransaction(): Promise<void> {
  throw new Error('A transaction on the desk is one message: use applyIf.');
}
