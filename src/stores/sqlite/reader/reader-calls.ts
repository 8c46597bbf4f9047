import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Handlers } from '../../../core/threads/connection.ts';
import { ThreadError } from '../../../core/threads/thread-error.ts';
import { createTurns } from '../../../core/turns.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createStatementRunner, type Row } from '../thread/statements.ts';
import { type QuestionName, questions } from './questions.ts';
import type { Question, Work } from './work.ts';

/** What the reader thread does. */
export interface ReaderCalls {
  /** Before any question that has to do with numbers. */
  useNumberKey(key: Uint8Array): void;
  look(sql: string, parameters: readonly SQLInputValue[]): readonly Row[];
  /** The answer as JSON: text is copied as it is, however deep what it tells of is nested. */
  ask(asker: string, question: QuestionName, argument: unknown): string;
  /** Answered when everything asked before is. */
  close(): void;
}

/** How long one question is worked at before others get between. */
const sliceMs = 10;

interface Asked {
  readonly work: Work<unknown>;
  readonly answer: PromiseWithResolvers<string>;
  /** ms of the slices that are over. */
  spent: number;
}

/** The reader's work on a connection, whatever thread it is in. */
export function createReaderCalls(db: DatabaseSync): Handlers<ReaderCalls> {
  const statements = createStatementRunner(db);
  const turns = createTurns<Asked>();
  let sliceBegan = 0;
  let working = false;
  let onIdle: (() => void) | null = null;

  function begin(name: QuestionName, argument: unknown): Asked {
    const question: Question | undefined = Object.hasOwn(questions, name) ? questions[name] : undefined;
    if (!question) throw new ThreadError(`The reader knows no question "${name}".`);
    const asked: Asked = {
      answer: Promise.withResolvers(),
      spent: 0,
      work: question(db, argument as never, {
        spentMs: () => asked.spent + performance.now() - sliceBegan,
      }),
    };
    return asked;
  }

  /** Works at a question for a slice of time, on one state of the store; whether it is answered. */
  function workAt(asked: Asked): boolean {
    sliceBegan = performance.now();
    db.exec('begin');
    try {
      for (;;) {
        const { done, value } = asked.work.next();
        if (done) {
          asked.answer.resolve(JSON.stringify(value ?? null));
          return true;
        }
        if (performance.now() - sliceBegan >= sliceMs) return false;
      }
    } catch (error) {
      asked.answer.reject(error);
      return true;
    } finally {
      if (db.isTransaction) db.exec('rollback');
      asked.spent += performance.now() - sliceBegan;
    }
  }

  function work(): void {
    const turn = turns.take();
    if (turn) {
      if (!workAt(turn.item)) turns.giveBack(turn.asker, turn.item);
      // What has come in meanwhile is taken before the next slice.
      setImmediate(work);
      return;
    }
    working = false;
    onIdle?.();
  }

  function workSoon(): void {
    if (!working) setImmediate(work);
    working = true;
  }

  return {
    useNumberKey: (key) => useNumberKey(db, key),
    look: (sql, parameters) => statements.run({ sql, parameters }).rows,
    ask(asker, question, argument) {
      const asked = begin(question, argument);
      turns.add(asker, asked);
      workSoon();
      return asked.answer.promise;
    },
    close: () =>
      new Promise((closed) => {
        onIdle = closed;
        workSoon();
      }),
  };
}
