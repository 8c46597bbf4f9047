import { MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import {
  type ErrorMessage,
  errorToMessage,
  messageToError,
  ThreadError,
  unreadable,
} from './thread-error.ts';

/**
 * What one side of a connection does for the other: an interface of functions whose arguments and answers survive a
 * structured clone. Who is asked may answer later, by a promise.
 */
export type Calls<C> = { readonly [K in keyof C]: (...args: never[]) => unknown };

export type ArgumentsOf<F> = F extends (...args: infer A) => unknown ? A : never;
export type AnswerOf<F> = F extends (...args: never[]) => infer A ? Awaited<A> : never;

/** The functions that carry out calls. */
export type Handlers<C> = {
  readonly [K in keyof C]: (...args: ArgumentsOf<C[K]>) => AnswerOf<C[K]> | Promise<AnswerOf<C[K]>>;
};

/** One side's end: a `MessagePort`, a `Worker`, or what a test plays. */
export interface Port {
  postMessage(message: Message): void;
  on(event: 'message', listen: (message: Message) => void): unknown;
  on(event: 'messageerror', listen: (error: Error) => void): unknown;
}

export interface CallMessage {
  readonly call: string;
  readonly args: readonly unknown[];
  /** The number of this message among all that this side has sent; without: nobody waits for an answer. */
  readonly id?: number;
}

export type Message =
  | CallMessage
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorMessage };

export interface Connection<Theirs> {
  /** Rejects with a {@link ThreadError}, or with the `HookwireError` that the other side threw. */
  ask<K extends keyof Theirs & string>(
    call: K,
    ...args: ArgumentsOf<Theirs[K]>
  ): Promise<AnswerOf<Theirs[K]>>;
  /** As {@link Connection.ask}, but nobody waits: if it throws there, that thread ends. */
  tell<K extends keyof Theirs & string>(call: K, ...args: ArgumentsOf<Theirs[K]>): void;
  /**
   * Hears of all that was said until now, before its turn in the event loop.
   * @param isEnough asked before each message whether the rest is to wait for its turn
   */
  catchUp(isEnough?: () => boolean): void;
  /** The other side is gone: rejects what waits for an answer, and whatever is asked from now on. */
  fail(error: Error): void;
  /** How many calls wait for their answers. */
  readonly waiting: number;
}

export interface ConnectionOptions {
  /** The other side says nothing but answers, in the order of the calls: so it is known whose an unreadable one is. */
  readonly answersInOrder?: boolean;
  /** Called before each message that goes out, but not for those that it sends itself. */
  readonly beforePost?: () => void;
  /** Called before a message is looked at. */
  readonly beforeHear?: () => void;
  /** Carries out a call when its turn has come; without: at once. */
  readonly carryOutBy?: (call: string, carryOut: () => void) => void;
  /** Hands over an answer when its turn has come; without: at once. */
  readonly settleBy?: (settle: () => void) => void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Typed calls over a port, from either side to the other, in the order in which they are made.
 *
 * ```text
 * ask ─ { call, args, id } ─▸ handler ─▸ { id, value } or { id, error } ─▸ promise
 * tell ─ { call, args } ────▸ handler
 * ```
 *
 * A message that cannot be read (a structured clone ends at some 4,000 levels of nesting) fails the call that it was part of
 * and no other: both sides count messages, so the other side is told which one it was. If nobody waits for it there,
 * something was lost that cannot be made good, and that ends the thread.
 */
export function connect<Mine, Theirs>(
  port: Port,
  handlers: Handlers<Mine>,
  { answersInOrder = false, beforePost, beforeHear, carryOutBy, settleBy = atOnce }: ConnectionOptions = {},
): Connection<Theirs> {
  const waiting = new Map<number, Waiting>();
  let sent = 0;
  let received = 0;
  let failure: Error | null = null;

  function post(message: Message): void {
    sent++;
    try {
      port.postMessage(message);
    } catch (error) {
      // It could not be cloned, so the other side does not count it.
      sent--;
      throw error;
    }
  }

  function take(id: number): Waiting | undefined {
    const caller = waiting.get(id);
    waiting.delete(id);
    return caller;
  }

  function hear(message: Message): void {
    received++;
    beforeHear?.();
    if ('call' in message) {
      if (carryOutBy) carryOutBy(message.call, () => carryOut(message));
      else carryOut(message);
      return;
    }
    const caller = take(message.id);
    if ('value' in message) {
      settleBy(() => caller?.resolve(message.value as never));
      return;
    }
    const error = messageToError(message.error);
    if (caller) settleBy(() => caller.reject(error));
    else if (error.code === unreadable) throw error;
  }

  function carryOut({ call, args, id }: CallMessage): void {
    if (id === undefined) {
      handlerOf(call)(...args);
      return;
    }
    try {
      const value = handlerOf(call)(...args);
      if (value instanceof Promise) {
        value.then(
          (later) => answer(id, later),
          (error) => refuse(id, error),
        );
      } else answer(id, value);
    } catch (error) {
      refuse(id, error);
    }
  }

  function handlerOf(call: string): (...args: readonly unknown[]) => unknown {
    const handler: unknown = Object.hasOwn(handlers, call) ? handlers[call as keyof Mine] : undefined;
    if (typeof handler !== 'function') throw new ThreadError(`There is no call "${call}".`);
    return handler as (...args: readonly unknown[]) => unknown;
  }

  function answer(id: number, value: unknown): void {
    beforePost?.();
    try {
      post({ id, value });
    } catch (error) {
      // It cannot be cloned; that is the call's mistake and must not end the thread.
      refuse(id, error);
    }
  }

  function refuse(id: number, error: unknown): void {
    beforePost?.();
    post({ id, error: errorToMessage(error) });
  }

  function notRead({ message }: Error): void {
    received++;
    const error = new ThreadError(`A message cannot be read: ${message}`, { code: unreadable });
    const [oldest] = answersInOrder ? waiting.keys() : [];
    if (oldest === undefined) refuse(received, error);
    else take(oldest)?.reject(error);
  }

  port.on('message', hear);
  port.on('messageerror', notRead);

  return {
    ask(call, ...args) {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        beforePost?.();
        const id = sent + 1;
        waiting.set(id, { resolve, reject });
        try {
          post({ call, args, id });
        } catch (error) {
          waiting.delete(id);
          throw new ThreadError(`A call cannot be sent: ${errorToMessage(error).message}`, {
            code: unreadable,
          });
        }
      });
    },
    tell(call, ...args) {
      if (failure) return;
      beforePost?.();
      post({ call, args });
    },
    catchUp(isEnough = never) {
      if (!(port instanceof MessagePort)) return;
      while (!isEnough()) {
        const next = receiveMessageOnPort(port);
        if (!next) return;
        hear(next.message as Message);
      }
    },
    fail(error) {
      if (failure) return;
      failure = error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
    get waiting() {
      return waiting.size;
    },
  };
}

function atOnce(work: () => void): void {
  work();
}

function never(): boolean {
  return false;
}
