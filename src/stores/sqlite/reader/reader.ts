import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Statement } from '../thread/statements.ts';
import { connectThread, type ThreadOptions, type ThreadRequest } from '../thread/thread.ts';

export type Row = Record<string, SQLOutputValue>;

/**
 * The thread for what only reads. It waits for no lock, and no question holds up others for long:
 *
 * ```text
 * look ──▸ at once, between two slices
 * ask ──▸ line of its asker ──▸ slices of 10 ms, one of each asker by turns ──▸ answer
 * ```
 */
export interface Reader {
  /** One statement that takes microseconds: rows by their keys. */
  look(sql: string, parameters: readonly SQLInputValue[]): Promise<readonly Row[]>;
  /**
   * A question of `questions.ts`, in its asker's line.
   * @param asker the account that asks; `null`: an operator, or the gateway itself
   */
  ask(asker: string | null, question: string, argument: unknown): Promise<unknown>;
  /** Answers what was asked before, closes the database and ends the thread. */
  close(): Promise<void>;
}

export type ReaderBody =
  | { readonly kind: 'look'; readonly statement: Statement }
  | { readonly kind: 'ask'; readonly asker: string; readonly question: string; readonly argument: unknown }
  | { readonly kind: 'close' };
export type ReaderRequest = ThreadRequest<ReaderBody>;

const workerFile = import.meta.url.endsWith('.ts') ? './reader-worker.ts' : './reader-worker.js';

/**
 * Starts the reader on a database whose schema is up to date.
 * @throws what opening the file failed with
 */
export async function openReader(file: string, options: ThreadOptions = {}): Promise<Reader> {
  const worker = new Worker(new URL(workerFile, import.meta.url), { workerData: { file }, name: 'reader' });
  const thread = connectThread<ReaderBody>(worker, 'reader', { kind: 'close' }, options);
  const reader: Reader = {
    look: (sql, parameters) =>
      thread.ask({ kind: 'look', statement: { sql, parameters } }) as Promise<readonly Row[]>,
    async ask(asker, question, argument) {
      const answer = await thread.ask({ kind: 'ask', asker: asker ?? '', question, argument });
      return JSON.parse(String(answer)) as unknown;
    },
    close: thread.close,
  };
  await reader.look('select 1', []);
  return reader;
}
