import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { configure } from '../pragmas.ts';
import { answerRequests } from '../thread/answer.ts';
import { DeskError } from '../thread/errors.ts';
import { createStatementRunner } from '../thread/statements.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { startCheckpoints } from './checkpoints.ts';
import type { DeskRequest } from './desk.ts';
import { operations } from './operations.ts';

const port = parentPort;
if (!port) throw new Error('desk-worker runs as a worker thread only; see openDesk.');

const { file, turns } = workerData as { file: string; turns?: SharedArrayBuffer | null };
const db = new DatabaseSync(file);
configure(db, 'desk');
const statements = createStatementRunner(db);
const checkpoints = startCheckpoints(db);
const writeTurns = createWriteTurns(turns ?? null);

function carryOut(request: DeskRequest): unknown {
  switch (request.kind) {
    case 'query':
      return statements.run(request.statement);
    case 'applyIf':
      return statements.applyIf(request.condition, request.changes);
    case 'call':
      return call(request.operation, request.argument);
    case 'close':
      checkpoints.close();
      db.close();
      return null;
  }
}

function call(name: string, argument: unknown): unknown {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) throw new DeskError(`The desk knows no operation "${name}".`);
  try {
    return operation(db, argument as never);
  } finally {
    if (db.isTransaction) db.exec('rollback');
  }
}

answerRequests<DeskRequest>(port, (request, answers) => {
  // All that it is asked writes.
  const value = writeTurns.run(() => carryOut(request));
  answers.value(request.id, value);
  if (request.kind === 'close') port.close();
});
