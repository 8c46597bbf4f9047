import type { Worker } from 'node:worker_threads';
import { type Connection, connect, type Handlers, type Message } from './connection.ts';
import { ThreadError, threadEnded } from './thread-error.ts';

export interface ThreadOptions {
  /**
   * The thread died by itself: everything that waits was rejected, and so is every further call. One that dies before
   * its first answer did not open what it was started for: that only rejects.
   */
  readonly onFailure?: (error: Error) => void;
}

export interface ConnectThreadOptions<Mine> extends ThreadOptions {
  /** For errors: `desk`. */
  readonly name: string;
  /** It answers calls in the order in which they are made. */
  readonly answersInOrder: boolean;
  /** What the thread may ask or tell this one. */
  readonly handlers?: Handlers<Mine>;
}

/** What every thread can be asked: to let go of everything, so that it ends. */
export interface Closable {
  close(): void;
}

/** The main thread's end of a thread that answers calls. */
export interface Thread<Theirs> extends Pick<Connection<Theirs>, 'ask'> {
  /** Asks for the end, and resolves when all before it is answered and the thread has ended. */
  close(): Promise<void>;
}

export function connectThread<Theirs extends Closable, Mine = object>(
  worker: Worker,
  { name, answersInOrder, onFailure, handlers = {} as Handlers<Mine> }: ConnectThreadOptions<Mine>,
): Thread<Theirs> {
  const connection = connect<Mine, Theirs>(worker, handlers, { answersInOrder });
  const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
  let closing: Promise<void> | null = null;
  let failed = false;
  // Known at once, not in a later microtask: what a thread said last and its end arrive in one turn.
  let opened = false;
  worker.once('message', (first: Message) => {
    opened = 'value' in first;
  });

  function fail(error: Error): void {
    if (failed) return;
    failed = true;
    connection.fail(new ThreadError(error.message, { code: threadEnded, cause: error }));
    if (opened) onFailure?.(error);
  }

  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => {
    if (!closing || connection.waiting > 0) {
      fail(new Error(`The ${name} thread ended with exit code ${code}.`));
    }
    exit();
  });

  return {
    ask(call, ...args) {
      if (closing && !failed) {
        return Promise.reject(new ThreadError(`The ${name} is closed.`, { code: threadEnded }));
      }
      return connection.ask(call, ...args);
    },
    close() {
      if (closing) return closing;
      if (failed) return exited;
      closing = (connection as Connection<Closable>).ask('close').then(() => exited);
      return closing;
    },
  };
}
