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
import type { Desk } from './desk.ts';

/**
 * Kysely on the desk thread. Every query is a request of its own, in the order in which they were made. Transactions
 * are refused: Kysely would hold one open over several turns of the main thread, and with it the write lock that the
 * hot path needs. What belongs together goes through `desk.applyIf` as compiled queries.
 */
export function createDeskDialect(desk: Desk): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDeskDriver(desk),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function createDeskDriver(desk: Desk): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, changes, lastInsertRowid } = await desk.query(sql, parameters as SQLInputValue[]);
      return {
        rows: rows as unknown as R[],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      };
    },
    streamQuery() {
      throw new Error('The desk does not stream: ask for pages.');
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
