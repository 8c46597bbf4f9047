import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Statement, StatementResult } from '../thread/statements.ts';
import { connectThread, type ThreadOptions, type ThreadRequest } from '../thread/thread.ts';

/**
 * The thread for what changes and is not the hot path: the directory, people, tasks, statistics, the audit log. Requests
 * are carried out one at a time in the order in which they were made, so none can get between the statements of another.
 * Each may wait for the write lock and the disk; what only reads asks the reader.
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
  /** Runs a named operation of `operations.ts` inside the thread. */
  call(operation: string, argument: unknown): Promise<unknown>;
  /** Finishes what was asked before, closes the database and ends the thread. */
  close(): Promise<void>;
}

export type DeskBody =
  | { readonly kind: 'query'; readonly statement: Statement }
  | { readonly kind: 'applyIf'; readonly condition: Statement; readonly changes: readonly Statement[] }
  | { readonly kind: 'call'; readonly operation: string; readonly argument: unknown }
  | { readonly kind: 'close' };
export type DeskRequest = ThreadRequest<DeskBody>;

const workerFile = import.meta.url.endsWith('.ts') ? './desk-worker.ts' : './desk-worker.js';

/**
 * Starts the desk on a database whose schema is up to date.
 * @param turns shared with the writer of the same process; `null`: there is none
 * @throws what opening the file failed with
 */
export function openDesk(
  file: string,
  options: ThreadOptions = {},
  turns: SharedArrayBuffer | null = null,
): Promise<Desk> {
  const url = new URL(workerFile, import.meta.url);
  return connectDesk(new Worker(url, { workerData: { file, turns }, name: 'desk' }), options);
}

/** The main thread's end of a desk thread that was just started; resolves when the thread answers. */
export async function connectDesk(worker: Worker, options: ThreadOptions = {}): Promise<Desk> {
  const thread = connectThread<DeskBody>(worker, 'desk', { kind: 'close' }, options);
  const desk: Desk = {
    query: (sql, parameters) =>
      thread.ask({ kind: 'query', statement: { sql, parameters } }) as Promise<StatementResult>,
    applyIf: (condition, changes) =>
      thread.ask({ kind: 'applyIf', condition, changes }) as Promise<readonly StatementResult[] | null>,
    call: (operation, argument) => thread.ask({ kind: 'call', operation, argument }),
    close: thread.close,
  };
  await desk.query('select 1', []);
  return desk;
}
