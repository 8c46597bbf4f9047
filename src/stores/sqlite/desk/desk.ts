import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { connectThread, type Thread, type ThreadOptions } from '../../../core/threads/thread.ts';
import type { Statement, StatementResult } from '../thread/statements.ts';
import type { DeskCalls } from './desk-calls.ts';

/**
 * The thread for what changes and is not the hot path: the directory, people, tasks, statistics, the audit log. Requests
 * are carried out one at a time in the order in which they were made, so none can get between the statements of another.
 * Each may wait for the write lock and the disk; what only reads asks the reader.
 */
export interface Desk extends Thread<DeskCalls> {
  /** Runs one statement, committed when it resolves. */
  query(sql: string, parameters: readonly SQLInputValue[]): Promise<StatementResult>;
  /**
   * One transaction: when `condition` changes or finds a row, all of `changes` happen and their results are given back;
   * else nothing happens and the answer is `null`.
   *
   * A transaction is one message: if it were open over turns of the main thread, the hot path would wait for them.
   */
  applyIf(condition: Statement, changes: readonly Statement[]): Promise<readonly StatementResult[] | null>;
}

/** What a desk beside a writer shares with it. */
export interface BesideWriter {
  readonly turns: SharedArrayBuffer;
  /** A descriptor of the database file, for `checkpoints.ts`. */
  readonly descriptor: number;
}

const workerFile = import.meta.url.endsWith('.ts') ? './desk-worker.ts' : './desk-worker.js';

/**
 * Starts the desk on a database whose schema is up to date.
 * @param beside the writer of the same process; `null`: there is none
 * @throws what opening the file failed with
 */
export function openDesk(
  file: string,
  options: ThreadOptions = {},
  beside: BesideWriter | null = null,
): Promise<Desk> {
  const url = new URL(workerFile, import.meta.url);
  return connectDesk(new Worker(url, { workerData: { file, ...beside }, name: 'desk' }), options);
}

/** The main thread's end of a desk thread that was just started; resolves when the thread answers. */
export async function connectDesk(worker: Worker, options: ThreadOptions = {}): Promise<Desk> {
  const desk = deskOf(connectThread<DeskCalls>(worker, { ...options, name: 'desk', answersInOrder: true }));
  await desk.query('select 1', []);
  return desk;
}

export function deskOf(thread: Thread<DeskCalls>): Desk {
  return {
    ...thread,
    query: (sql, parameters) => thread.ask('run', { sql, parameters }),
    applyIf: (condition, changes) => thread.ask('applyIf', condition, changes),
  };
}
