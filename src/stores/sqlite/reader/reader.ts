import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { connectThread, type Thread, type ThreadOptions } from '../../../core/threads/thread.ts';
import type { Row } from '../thread/statements.ts';
import type { QuestionName, Questions } from './questions.ts';
import type { ReaderCalls } from './reader-calls.ts';
import type { AnswerTo, ArgumentOf } from './work.ts';

/**
 * The thread for what only reads. It waits for no lock, and no question holds up others for long:
 *
 * ```text
 * look ──▸ at once, between two slices
 * ask ──▸ line of its asker ──▸ slices of 10 ms, one of each asker by turns ──▸ answer
 * ```
 */
export interface Reader extends Pick<Thread<ReaderCalls>, 'close'> {
  useNumberKey(key: Uint8Array): Promise<void>;
  /** One statement that takes microseconds: rows by their keys. */
  look(sql: string, parameters: readonly SQLInputValue[]): Promise<readonly Row[]>;
  /**
   * A question of `questions.ts`, in its asker's line.
   * @param asker the account that asks; `null`: an operator, or the gateway itself
   */
  ask<Q extends QuestionName>(
    asker: string | null,
    question: Q,
    argument: ArgumentOf<Questions[Q]>,
  ): Promise<AnswerTo<Questions[Q]>>;
}

const workerFile = import.meta.url.endsWith('.ts') ? './reader-worker.ts' : './reader-worker.js';

/**
 * Starts the reader on a database whose schema is up to date.
 * @throws what opening the file failed with
 */
export async function openReader(file: string, options: ThreadOptions = {}): Promise<Reader> {
  const worker = new Worker(new URL(workerFile, import.meta.url), { workerData: { file }, name: 'reader' });
  const thread = connectThread<ReaderCalls>(worker, { ...options, name: 'reader', answersInOrder: false });
  const reader = readerOf(thread);
  await reader.look('select 1', []);
  return reader;
}

export function readerOf(thread: Thread<ReaderCalls>): Reader {
  return {
    useNumberKey: (key) => thread.ask('useNumberKey', key),
    look: (sql, parameters) => thread.ask('look', sql, parameters),
    ask: async (asker, question, argument) =>
      JSON.parse(await thread.ask('ask', asker ?? '', question, argument)),
    close: thread.close,
  };
}
