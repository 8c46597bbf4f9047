import { Worker } from 'node:worker_threads';
import { connectThread, type Thread, type ThreadOptions } from '../../../../core/threads/thread.ts';
import type { KeeperCalls, KeeperNews } from './keeper-calls.ts';

const workerFile = import.meta.url.endsWith('.ts') ? './keeper-worker.ts' : './keeper-worker.js';

/**
 * Starts the thread that keeps the index in order, on a database whose schema is up to date. Nobody waits for it but for its
 * turns at the write lock, of 1 ms or less.
 * @param turns of the writer and the desk
 * @param news hears of what keeps it from its work; of its end, also before it has begun, `onFailure` does
 */
export function startKeeper(
  file: string,
  turns: SharedArrayBuffer,
  { onFailure, ...news }: ThreadOptions & KeeperNews,
): Thread<KeeperCalls> {
  const worker = new Worker(new URL(workerFile, import.meta.url), {
    workerData: { file, turns },
    name: 'index keeper',
  });
  const thread = connectThread<KeeperCalls, KeeperNews>(worker, {
    ...(onFailure && { onFailure }),
    ...{ name: 'index keeper', answersInOrder: false, handlers: news },
  });
  // Nobody waits for it to open, so nobody else would hear of one that did not.
  thread.ask('open').catch((error: Error) => onFailure?.(error));
  return thread;
}
