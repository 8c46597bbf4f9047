import { Worker } from 'node:worker_threads';
import { connectThread, type Thread, type ThreadOptions } from '../../../../core/threads/thread.ts';
import type { KeeperCalls } from './keeper-calls.ts';

const workerFile = import.meta.url.endsWith('.ts') ? './keeper-worker.ts' : './keeper-worker.js';

/**
 * Starts the thread that keeps the index in order, on a database whose schema is up to date. Nobody waits for it but for its
 * turns at the write lock, of 1 ms or less.
 * @param turns of the writer and the desk
 */
export function startKeeper(
  file: string,
  turns: SharedArrayBuffer,
  options: ThreadOptions = {},
): Thread<KeeperCalls> {
  const worker = new Worker(new URL(workerFile, import.meta.url), {
    workerData: { file, turns },
    name: 'index keeper',
  });
  return connectThread<KeeperCalls>(worker, { ...options, name: 'index keeper', answersInOrder: true });
}
