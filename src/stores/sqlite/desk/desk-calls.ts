import type { DatabaseSync } from 'node:sqlite';
import type { Handlers } from '../../../core/threads/connection.ts';
import type { RestPlace, WipePlace } from '../../ports/erasures.ts';
import type { StatsRow } from '../../ports/stats.ts';
import { type DeleteRestRequest, deleteRest } from '../erasure/delete-rest.ts';
import { type EraseRestRequest, eraseRest } from '../erasure/erase-rest.ts';
import { addStats } from '../stats/add.ts';
import { type TidyRequest, tidyStats } from '../stats/tidy.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createStatementRunner, type StatementRunner } from '../thread/statements.ts';
import type { WriteTurns } from '../thread/write-turns.ts';

/** What the desk thread does. Each call runs to its end before the next. */
export interface DeskCalls extends StatementRunner {
  /** Before anything that has to do with numbers. */
  useNumberKey(key: Uint8Array): void;
  addStats(minutes: readonly StatsRow[]): void;
  /** Gives the number of rows that were taken away. */
  tidyStats(request: TidyRequest): number;
  /** These give where to go on; `null` at the end. */
  eraseRest(request: EraseRestRequest): RestPlace | null;
  deleteRest(request: DeleteRestRequest): RestPlace | null;
  wipe(from: WipePlace | null): WipePlace | null;
  close(): void;
}

/** The desk's work on a connection, whatever thread it is in. All that it is asked writes. */
export function createDeskCalls(
  db: DatabaseSync,
  turns: WriteTurns,
): Handlers<Omit<DeskCalls, 'close' | 'wipe'>> {
  const statements = createStatementRunner(db);

  function inTurn<A extends unknown[], T>(write: (...args: A) => T): (...args: A) => T {
    return (...args) => turns.run(() => write(...args));
  }

  function whole<A, T>(operation: (db: DatabaseSync, argument: A) => T): (argument: A) => T {
    return inTurn((argument) => {
      try {
        return operation(db, argument);
      } finally {
        if (db.isTransaction) db.exec('rollback');
      }
    });
  }

  return {
    useNumberKey: (key) => useNumberKey(db, key),
    run: inTurn(statements.run),
    applyIf: inTurn(statements.applyIf),
    addStats: whole(addStats),
    tidyStats: whole(tidyStats),
    eraseRest: whole(eraseRest),
    deleteRest: whole(deleteRest),
  };
}
