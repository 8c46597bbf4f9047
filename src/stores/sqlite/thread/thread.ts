import type { Worker } from 'node:worker_threads';
import { DeskError, type ErrorMessage, messageToError } from './errors.ts';

/**
 * Each side says first which request the next message is about. So when a message cannot be read where it arrives, it is
 * known which request that fails, and no other does.
 */
export interface NextMessage {
  readonly next: number;
}

export type ThreadMessage =
  | NextMessage
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorMessage };

export type ThreadRequest<Body> = Body & { readonly id: number };

export interface ThreadOptions {
  /**
   * The thread died by itself: everything that waits was rejected, and so is every further request. One that dies before
   * its first answer did not open what it was started for: that only rejects.
   */
  readonly onFailure?: (error: Error) => void;
}

/** The main thread's end of a thread that answers requests. */
export interface Thread<Body> {
  /**
   * Rejects with a {@link DeskError} (with SQLite's code), or with the `HookwireError` that the thread threw.
   * @param request what can be cloned
   */
  ask(request: Body): Promise<unknown>;
  /** Asks for the end, and resolves when all before it is answered and the thread has ended. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** @param name of the thread, for errors: `desk` */
export function connectThread<Body extends object>(
  worker: Worker,
  name: string,
  goodbye: Body,
  options: ThreadOptions = {},
): Thread<Body> {
  const waiting = new Map<number, Waiting>();
  const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
  let lastId = 0;
  let comingNext: number | null = null;
  let closing: Promise<void> | null = null;
  let failure: Error | null = null;
  // Known at once, not in a later microtask: what a thread said last and its end arrive in one turn.
  let opened = false;

  function fail(error: Error): void {
    if (failure) return;
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    if (opened) options.onFailure?.(error);
  }

  function take(id: number): Waiting | undefined {
    const caller = waiting.get(id);
    waiting.delete(id);
    return caller;
  }

  worker.on('message', (message: ThreadMessage) => {
    if ('next' in message) {
      comingNext = message.next;
      return;
    }
    comingNext = null;
    const caller = take(message.id);
    if ('error' in message) caller?.reject(messageToError(message.error));
    else {
      opened = true;
      caller?.resolve(message.value);
    }
  });
  worker.on('messageerror', (error) => {
    if (comingNext !== null) take(comingNext)?.reject(new DeskError(unreadable(name, error), null, error));
    comingNext = null;
  });
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => {
    if (!closing || waiting.size > 0) fail(new DeskError(`The ${name} thread ended with exit code ${code}.`));
    exit();
  });

  async function ask(body: Body): Promise<unknown> {
    if (failure) throw failure;
    if (closing) throw new DeskError(`The ${name} is closed.`);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = ++lastId;
    worker.postMessage({ next: id } satisfies NextMessage);
    worker.postMessage({ ...body, id });
    waiting.set(id, { resolve, reject });
    return promise;
  }

  return {
    ask,
    close() {
      if (closing) return closing;
      if (failure) return exited;
      const closed = ask(goodbye);
      closing = closed.then(() => exited);
      return closing;
    },
  };
}

function unreadable(name: string, { message }: Error): string {
  return `The ${name}'s answer cannot be read: ${message}`;
}
