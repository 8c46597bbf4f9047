import { Worker } from 'node:worker_threads';
import type { WriterAnswers, WriterReply, WriterRequest } from './protocol.ts';

/** The writer thread answers requests in order; `answer` is `null` with an error instead. */
export interface WriterThread {
  readonly lastSequence: number;
  ask<K extends WriterRequest['kind']>(
    request: Extract<WriterRequest, { kind: K }>,
    then: (answer: WriterAnswers[K] | null, failure: StoreError | null) => void,
  ): void;
  /** Resolves when the thread has ended. */
  close(): Promise<void>;
}

/** The store did not do what it was asked; nothing of that request was kept. */
export class StoreError extends Error {
  readonly code: string | null;
  constructor(message: string, code: string | null) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}

/**
 * @param onDeath called when the thread ends although nobody closed it; nothing can be accepted or recorded any more
 */
export function startWriterThread(dataDir: string, onDeath: (error: Error) => void): Promise<WriterThread> {
  const file = import.meta.url.endsWith('.ts') ? './writer-worker.ts' : './writer-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: { dataDir } });
  const waiting: ((reply: WriterReply) => void)[] = [];
  let head = 0;
  let closing = false;

  function next(): ((reply: WriterReply) => void) | undefined {
    const callback = waiting[head];
    head++;
    if (head > 1024 && head * 2 > waiting.length) head -= waiting.splice(0, head).length;
    return callback;
  }

  const thread: WriterThread = {
    lastSequence: 0,
    ask(request, then) {
      waiting.push((reply) => {
        if ('answer' in reply) then(reply.answer as never, null);
        else if ('failure' in reply) then(null, new StoreError(reply.failure.message, reply.failure.code));
      });
      worker.postMessage(request);
    },
    close() {
      closing = true;
      return new Promise((resolve) => {
        worker.once('exit', () => resolve());
        worker.postMessage({ kind: 'close' } satisfies WriterRequest);
      });
    },
  };

  return new Promise((resolve, reject) => {
    worker.once('message', (first: WriterReply) => {
      if (!('ready' in first)) {
        void worker.terminate();
        const failed =
          'failure' in first ? first.failure : { message: 'The store did not start.', code: null };
        reject(new StoreError(failed.message, failed.code));
        return;
      }
      worker.on('message', (reply: WriterReply) => next()?.(reply));
      resolve(Object.assign(thread, { lastSequence: first.lastSequence }));
    });
    worker.on('error', (error: Error) => {
      reject(error);
      onDeath(error);
    });
    worker.on('exit', () => {
      if (!closing) onDeath(new Error('The writer thread ended.'));
    });
  });
}
