import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { type DeskAnswer, DeskError, type DeskRequest, messageToError } from './messages.ts';
import type { Statement, StatementResult } from './statements.ts';

/**
 * The thread for everything that is not the hot path: the directory's reads and writes, questions about the past.
 * Requests are carried out one at a time in the order in which they were made, so none can get between the statements
 * of another. Whatever fails rejects with a `DeskError` (with SQLite's code), or with the `HookwireError` that an
 * operation threw.
 */
export interface Desk {
  /** Runs one statement, committed when it resolves. */
  query(sql: string, parameters: readonly SQLInputValue[]): Promise<StatementResult>;
  /**
   * One transaction: when `condition` changes or finds a row, all of `changes` happen and their results are given back;
   * else nothing happens and the answer is `null`.
   *
   * A transaction is one message: if it were open over turns of the main thread, the hot path would wait for them.
   */
  applyIf(condition: Statement, changes: readonly Statement[]): Promise<readonly StatementResult[] | null>;
  /** Runs a named operation of `history/operations.ts` inside the thread. */
  call(operation: string, argument: unknown): Promise<unknown>;
  /** Finishes what was asked before, closes the database and ends the thread. */
  close(): Promise<void>;
}

export interface DeskOptions {
  /** The thread died by itself: everything that waits was rejected, and so is every further request. */
  readonly onFailure?: (error: Error) => void;
}

type RequestBody = DeskRequest extends infer R ? (R extends DeskRequest ? Omit<R, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const workerFile = import.meta.url.endsWith('.ts') ? './desk-worker.ts' : './desk-worker.js';

/**
 * Starts the desk on a database whose schema is up to date.
 * @throws what opening the file failed with
 */
export function openDesk(file: string, options: DeskOptions = {}): Promise<Desk> {
  const url = new URL(workerFile, import.meta.url);
  return connectDesk(new Worker(url, { workerData: { file }, name: 'desk' }), options);
}

/** The main thread's end of a desk thread that was just started; resolves when the thread answers. */
export async function connectDesk(worker: Worker, options: DeskOptions = {}): Promise<Desk> {
  const waiting = new Map<number, Waiting>();
  const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
  let lastId = 0;
  let opened = false;
  let closing: Promise<void> | null = null;
  let failure: Error | null = null;

  function fail(error: Error): void {
    if (failure) return;
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    if (opened) options.onFailure?.(error);
  }

  /** Whose answer this is. Answers come in the order of the requests; one that cannot be read has no id. */
  function callerOf(id: number | null): Waiting | undefined {
    const known = id ?? waiting.keys().next().value ?? 0;
    const caller = waiting.get(known);
    waiting.delete(known);
    return caller;
  }

  worker.on('message', (answer: DeskAnswer) => {
    const caller = callerOf(answer.id);
    if ('error' in answer) caller?.reject(messageToError(answer.error));
    else caller?.resolve(answer.value);
  });
  worker.on('messageerror', (error) => {
    callerOf(null)?.reject(new DeskError(`The desk's answer cannot be read: ${error.message}`, null, error));
  });
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => {
    if (!closing || waiting.size > 0) fail(new DeskError(`The desk thread ended with exit code ${code}.`));
    exit();
  });

  async function ask(request: RequestBody): Promise<unknown> {
    if (failure) throw failure;
    if (closing) throw new DeskError('The desk is closed.');
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = ++lastId;
    worker.postMessage({ ...request, id });
    waiting.set(id, { resolve, reject });
    return promise;
  }

  const desk: Desk = {
    query: (sql, parameters) =>
      ask({ kind: 'query', statement: { sql, parameters } }) as Promise<StatementResult>,
    applyIf: (condition, changes) =>
      ask({ kind: 'applyIf', condition, changes }) as Promise<readonly StatementResult[] | null>,
    call: (operation, argument) => ask({ kind: 'call', operation, argument }),
    close() {
      if (closing) return closing;
      if (failure) return exited;
      const closed = ask({ kind: 'close' });
      closing = closed.then(() => exited);
      return closing;
    },
  };

  await desk.query('select 1', []);
  opened = true;
  return desk;
}
