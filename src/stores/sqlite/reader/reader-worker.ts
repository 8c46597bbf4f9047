import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../../core/threads/connection.ts';
import { ThreadError } from '../../../core/threads/thread-error.ts';
import { createTurns } from '../../../core/turns.ts';
import { configure } from '../pragmas.ts';
import { createStatementRunner } from '../thread/statements.ts';
import { type QuestionName, questions } from './questions.ts';
import type { ReaderCalls } from './reader.ts';
import type { Question, Work } from './work.ts';

const port = parentPort;
if (!port) throw new Error('reader-worker runs as a worker thread only; see openReader.');

/** How long one question is worked at before others get between. */
const sliceMs = 10;

interface Asked {
  readonly work: Work<unknown>;
  readonly answer: PromiseWithResolvers<string>;
  /** ms of the slices that are over. */
  spent: number;
}

const { file } = workerData as { file: string };
const db = new DatabaseSync(file, { readOnly: true });
configure(db, 'reader');
const statements = createStatementRunner(db);
const turns = createTurns<Asked>();
let sliceBegan = 0;
let working = false;
let close: (() => void) | null = null;

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
  close?.();
}

function workSoon(): void {
  if (!working) setImmediate(work);
  working = true;
}

connect<ReaderCalls, object>(port, {
  look: (sql, parameters) => statements.run({ sql, parameters }).rows,
  ask(asker, question, argument) {
    const asked = begin(question, argument);
    turns.add(asker, asked);
    workSoon();
    return asked.answer.promise;
  },
  close: () =>
    new Promise((closed) => {
      close = () => {
        db.close();
        closed();
        // Behind the answer.
        setImmediate(() => port.close());
      };
      workSoon();
    }),
});
