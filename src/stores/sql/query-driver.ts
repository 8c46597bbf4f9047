import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';

/** Runs one query. */
export type RunQuery = <R>(query: CompiledQuery) => Promise<QueryResult<R>>;

/**
 * A driver of Kysely's that runs each query by itself. Transactions are refused, since Kysely would hold one open over several
 * turns of the main thread; what belongs together is `applyIf`, or has a transaction of its own around this.
 */
export function createQueryDriver(executeQuery: RunQuery): Driver {
  const connection: DatabaseConnection = {
    executeQuery,
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
  throw new Error('A transaction is one call: use applyIf.');
}
