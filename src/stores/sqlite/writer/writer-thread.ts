import { type MessagePort, Worker } from 'node:worker_threads';
import type { WriterAnswers, WriterFailure, WriterReply, WriterRequest } from './protocol.ts';

/** The writer thread answers requests in order; `answer` is `null` with an error instead. */
export interface WriterThread {
  readonly lastSequence: number;
  /** As {@link DeliveryLog.latestAt}. */
  readonly latestAt: number;
  /** It was closed or died: whatever is asked now fails. */
  readonly ended: boolean;
  ask<K extends WriterRequest['kind']>(
    request: Extract<WriterRequest, { kind: K }>,
    then: (answer: WriterAnswers[K] | null, failure: StoreError | null) => void,
  ): void;
  /** Resolves when the thread has ended. */
  close(): Promise<void>;
}

/** A message between the threads could not be written or read. That ends one request and nothing else. */
export const unreadable = 'message_unreadable';

/**
 * The store did not do what it was asked; nothing of that request was kept. With the code {@link unreadable} it may have
 * been done, and only the answer was lost.
 */
export class StoreError extends Error {
  readonly code: string | null;
  /** SQLite's extended result code (13: full, 10: I/O, 11: damaged …); `null` when SQLite did not fail. */
  readonly sqliteCode: number | null;
  constructor(message: string, code: string | null, sqliteCode: number | null = null) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
    this.sqliteCode = sqliteCode;
  }
}

export function failureToError({ message, code, sqliteCode }: WriterFailure): StoreError {
  return new StoreError(message, code, sqliteCode ?? null);
}

/** Who else writes by the writer thread. */
export interface WriterGuests {
  /** The writer's ends of the couriers' ports; they go to the thread. */
  readonly ports: readonly MessagePort[];
  /** The disk refused attempts that couriers recorded. */
  readonly onRefused: (failure: StoreError) => void;
}

/**
 * @param turns shared with the desk of the same process
 * @param onDeath called when the thread ends although nobody closed it; nothing can be accepted or recorded any more
 */
export function startWriterThread(
  dataDir: string,
  onDeath: (error: Error) => void,
  turns: SharedArrayBuffer | null = null,
  guests: WriterGuests | null = null,
): Promise<WriterThread> {
  const file = import.meta.url.endsWith('.ts') ? './writer-worker.ts' : './writer-worker.js';
  const url = new URL(file, import.meta.url);
  const ports = [...(guests?.ports ?? [])];
  const workerData = { dataDir, turns, couriers: ports };
  const worker = new Worker(url, { workerData, transferList: ports, name: 'writer' });
  return connectWriterThread(worker, onDeath, guests?.onRefused);
}

/** The main thread's end of a writer thread that was just started; resolves when the thread is ready. */
export function connectWriterThread(
  worker: Worker,
  onDeath: (error: Error) => void,
  onRefused: (failure: StoreError) => void = () => {},
): Promise<WriterThread> {
  const waiting: ((reply: WriterReply) => void)[] = [];
  let head = 0;
  let ended: StoreError | null = null;

  function next(): ((reply: WriterReply) => void) | undefined {
    const callback = waiting[head];
    // It holds the whole commit that it asked for, and the array is cut only now and then.
    waiting[head] = nobody;
    head++;
    if (head > 1024 && head * 2 > waiting.length) head -= waiting.splice(0, head).length;
    return callback;
  }

  function die(error: Error): void {
    if (ended) return;
    const failure = new StoreError(`The store died: ${error.message}`, null);
    ended = failure;
    onDeath(error);
    for (const callback of waiting.splice(head)) callback({ failure });
  }

  const thread: WriterThread = {
    lastSequence: 0,
    latestAt: 0,
    get ended() {
      return ended !== null;
    },
    ask(request, then) {
      const failure = ended;
      if (failure) {
        queueMicrotask(() => then(null, failure));
        return;
      }
      try {
        worker.postMessage(request);
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        queueMicrotask(() => then(null, new StoreError(`The store cannot be asked this: ${words}`, null)));
        return;
      }
      waiting.push((reply) => {
        if ('answer' in reply) then(reply.answer as never, null);
        else if ('failure' in reply) then(null, failureToError(reply.failure));
      });
    },
    close() {
      if (ended) return Promise.resolve();
      ended = new StoreError('The store is closed.', null);
      return new Promise((resolve) => {
        worker.once('exit', () => resolve());
        worker.postMessage({ kind: 'close' } satisfies WriterRequest);
      });
    },
  };

  return new Promise((resolve, reject) => {
    let lost = (error: Error): void => {
      ended = new StoreError(error.message, null);
      reject(error);
    };
    worker.once('message', (first: WriterReply) => {
      if (!('ready' in first)) {
        const failed =
          'failure' in first ? first.failure : { message: 'The store did not start.', code: null };
        lost(new StoreError(failed.message, failed.code));
        void worker.terminate();
        return;
      }
      lost = die;
      worker.on('message', (reply: WriterReply) => {
        if ('refused' in reply) onRefused(failureToError(reply.refused));
        else next()?.(reply);
      });
      // Answers come in the order of the questions, so it is known whose it was.
      worker.on('messageerror', (error: Error) =>
        next()?.({
          failure: { message: `The store's answer cannot be read: ${error.message}`, code: unreadable },
        }),
      );
      const { lastSequence, latestAt } = first;
      resolve(
        Object.defineProperties(thread, {
          lastSequence: { value: lastSequence },
          latestAt: { value: latestAt },
        }),
      );
    });
    worker.on('error', (error: Error) => lost(error));
    worker.on('exit', () => lost(new Error('The writer thread ended.')));
  });
}

/** Stands where a callback was. */
function nobody(): void {}
