import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { operations } from '../history/operations.ts';
import { configure } from '../pragmas.ts';
import { type DeskAnswer, DeskError, type DeskRequest, errorToMessage } from './messages.ts';
import { createStatementRunner } from './statements.ts';

const port = parentPort;
if (!port) throw new Error('desk-worker runs as a worker thread only; see openDesk.');

const { file } = workerData as { file: string };
const db = new DatabaseSync(file);
configure(db, 'desk');
const statements = createStatementRunner(db);

function carryOut(request: DeskRequest): unknown {
  switch (request.kind) {
    case 'query':
      return statements.run(request.statement);
    case 'applyIf':
      return statements.applyIf(request.condition, request.changes);
    case 'call':
      return call(request.operation, request.argument);
    case 'close':
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

function carryOutOrFail(request: DeskRequest): DeskAnswer {
  try {
    return { id: request.id, value: carryOut(request) };
  } catch (error) {
    return { id: request.id, error: errorToMessage(error) };
  }
}

function send(answer: DeskAnswer): void {
  try {
    port?.postMessage(answer);
  } catch (error) {
    // The result cannot be cloned; that is the operation's mistake and must not end the thread.
    port?.postMessage({ id: answer.id, error: errorToMessage(error) } satisfies DeskAnswer);
  }
}

// Its id cannot be read either.
port.on('messageerror', (error) => send({ id: null, error: errorToMessage(error) }));
port.on('message', (request: DeskRequest) => {
  send(carryOutOrFail(request));
  if (request.kind === 'close') port.close();
});
