import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../../core/threads/connection.ts';
import { configure } from '../pragmas.ts';
import { addStats } from '../stats/add.ts';
import { tidyStats } from '../stats/tidy.ts';
import { createStatementRunner } from '../thread/statements.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { startCheckpoints } from './checkpoints.ts';
import type { DeskCalls } from './desk.ts';

const port = parentPort;
if (!port) throw new Error('desk-worker runs as a worker thread only; see openDesk.');

const { file, turns } = workerData as { file: string; turns?: SharedArrayBuffer | null };
const db = new DatabaseSync(file);
configure(db, 'desk');
const statements = createStatementRunner(db);
const checkpoints = startCheckpoints(db);
const writeTurns = createWriteTurns(turns ?? null);

/** All that it is asked writes. */
function inTurn<A extends unknown[], T>(write: (...args: A) => T): (...args: A) => T {
  return (...args) => writeTurns.run(() => write(...args));
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

connect<DeskCalls, object>(port, {
  run: inTurn(statements.run),
  applyIf: inTurn(statements.applyIf),
  addStats: whole(addStats),
  tidyStats: whole(tidyStats),
  close: inTurn(() => {
    checkpoints.close();
    db.close();
    // Behind the answer.
    queueMicrotask(() => port.close());
  }),
});
