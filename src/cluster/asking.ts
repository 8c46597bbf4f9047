import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import { NoAnswerError } from '../core/no-answer-error.ts';
import { type ErrorMessage, errorToMessage, messageToError } from '../core/threads/thread-error.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';
import { createAnswersGiven } from './answers-given.ts';
import type { Cluster } from './cluster.ts';

/**
 * What one process can ask another: a name, and what is asked and answered. Both are JSON: no dates, maps or bigints, and what is
 * `undefined` is left out.
 */
export interface Question<Args, Answer> {
  readonly name: string;
  /** For the compiler alone. */
  readonly types?: readonly [Args, Answer];
}

/** Thrown by whoever answers: what is asked has a form that this version does not know. The asker hears that, and may ask again. */
export class UnknownQuestionError extends Error {
  constructor(what: string) {
    super(`This version does not know ${what}.`);
    this.name = 'UnknownQuestionError';
  }
}

export interface AskOptions {
  /** How long an answer is waited for, ms. Default: 10 s. */
  readonly withinMs?: number;
}

/** Questions between the processes that share a store, and their answers. */
export interface Asking {
  /** Answers a question of others; each has one who answers it. To be called before anything is heard of others. */
  answer<A, R>(question: Question<A, R>, handler: (args: A, from: string) => R | Promise<R>): void;
  /**
   * Asks one other process. A word that is lost on the way is said again, and what is asked is carried out once all the same.
   *
   * @throws {NoAnswerError} when none comes in time, the process is gone, or does not know the question; it may have done what it
   * was asked
   * @throws the `HookwireError` that the other one threw, or a `ThreadError` with the words of what failed there
   */
  ask<A, R>(processId: string, question: Question<A, R>, args: A, options?: AskOptions): Promise<R>;
  /** Asks all others that were heard of lately at once; one that is gone meanwhile has answered. Else as {@link Asking.ask}. */
  askOthers<A, R>(question: Question<A, R>, args: A, options?: AskOptions): Promise<readonly R[]>;
  /** Nothing is answered any more, and whoever waits for an answer gets none. */
  close(): void;
}

export interface AskingOptions {
  readonly messages: Pick<ProcessMessages, 'tell' | 'on'>;
  readonly cluster: Pick<Cluster, 'id' | 'processes'>;
  readonly clock: Pick<Clock, 'elapsed' | 'setTimer'>;
}

interface QuestionBody {
  /** New for each question, and for each start of the asking process. */
  readonly id: string;
  readonly question: string;
  readonly args?: unknown;
}

type AnswerBody =
  | { readonly id: string; readonly value?: unknown }
  | { readonly id: string; readonly error: ErrorMessage }
  | { readonly id: string; readonly isUnknown: true };

interface Waiting {
  readonly processId: string;
  readonly body: QuestionBody;
  /** By the time that passes, ms. */
  readonly until: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

const usualWithinMs = 10_000;
/** So often a question is said again, and it is looked whether the process that was asked is still there. */
const againMs = 2_000;

/**
 * ```text
 * ask ── question { id, question, args } ──▸ handler, once for each id
 *  ▲ └── again each 2 s until it is answered ──▸ its answer again, where it has one
 *  └──── answer { id, value | error } ◂──────────┘
 * ```
 */
export function createAsking({ messages, cluster, clock }: AskingOptions): Asking {
  const handlers = new Map<string, (args: unknown, from: string) => unknown>();
  const waiting = new Map<string, Waiting>();
  const given = createAnswersGiven<AnswerBody>(clock);
  const start = randomBytes(8).toString('hex');
  let asked = 0;
  let timer: Timer | null = null;
  let closed = false;

  async function carryOut({ id, question, args }: QuestionBody, from: string): Promise<AnswerBody> {
    const handler = handlers.get(question);
    if (!handler) return { id, isUnknown: true };
    try {
      return { id, value: await handler(args, from) };
    } catch (error) {
      if (error instanceof UnknownQuestionError) return { id, isUnknown: true };
      return { id, error: errorToMessage(error) };
    }
  }

  messages.on('question', (told, from) => {
    if (closed) return;
    const body = told as QuestionBody;
    const key = `${from} ${body.id}`;
    const before = given.get(key);
    if (before === 'under way') return;
    if (before) {
      messages.tell(from, 'answer', before);
      return;
    }
    given.begin(key);
    void carryOut(body, from).then((answer) => {
      given.end(key, answer);
      if (!closed) messages.tell(from, 'answer', answer);
    });
  });

  messages.on('answer', (told, from) => {
    const answer = told as AnswerBody;
    const asker = waiting.get(answer.id);
    // Of a process that was asked before this one's start, or of another one than was asked.
    if (!asker || asker.processId !== from) return;
    waiting.delete(answer.id);
    if ('error' in answer) asker.reject(messageToError(answer.error));
    else if ('isUnknown' in answer)
      asker.reject(new NoAnswerError('Another process, of another version, cannot do this yet.', false));
    else asker.resolve((answer as { value?: unknown }).value as never);
  });

  function isThere(processId: string): boolean {
    return cluster.processes.some(({ id }) => id === processId);
  }

  function lookSoon(): void {
    if (timer || closed || waiting.size === 0) return;
    timer = clock.setTimer(() => {
      timer = null;
      for (const each of [...waiting.values()]) look(each);
      lookSoon();
    }, againMs);
  }

  function look({ processId, body, until, reject }: Waiting): void {
    const isGone = !isThere(processId);
    if (!isGone && clock.elapsed() < until) {
      messages.tell(processId, 'question', body);
      return;
    }
    waiting.delete(body.id);
    reject(
      isGone
        ? new NoAnswerError('The process that was asked is gone.', true)
        : new NoAnswerError('Another process did not answer in time.', false),
    );
  }

  function ask<A, R>(
    processId: string,
    { name }: Question<A, R>,
    args: A,
    { withinMs = usualWithinMs }: AskOptions = {},
  ): Promise<R> {
    if (closed) return Promise.reject(stopping());
    const body = { id: `${start}-${asked++}`, question: name, args };
    return new Promise<R>((resolve, reject) => {
      waiting.set(body.id, { processId, body, until: clock.elapsed() + withinMs, resolve, reject });
      messages.tell(processId, 'question', body);
      lookSoon();
    });
  }

  return {
    answer(question, handler) {
      handlers.set(question.name, handler as (args: unknown, from: string) => unknown);
    },
    ask,
    async askOthers(question, args, options) {
      const others = cluster.processes.filter(({ id }) => id !== cluster.id);
      const answers = await Promise.all(
        others.map(({ id }) =>
          ask(id, question, args, options).then(
            (answer) => [answer],
            (error: unknown) => {
              if (error instanceof NoAnswerError && error.isGone) return [];
              throw error;
            },
          ),
        ),
      );
      return answers.flat();
    },
    close() {
      closed = true;
      timer?.cancel();
      for (const { reject } of waiting.values()) reject(stopping());
      waiting.clear();
    },
  };
}

function stopping(): HookwireError {
  return new HookwireError('stopping', 'The gateway is stopping.', { retryAfterSeconds: 5 });
}
