import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { createTurns } from '../../../core/turns.ts';
import { configure } from '../pragmas.ts';
import { type Answers, answerRequests } from '../thread/answer.ts';
import { DeskError } from '../thread/errors.ts';
import { createStatementRunner } from '../thread/statements.ts';
import { questions } from './questions.ts';
import type { ReaderRequest } from './reader.ts';
import type { Work } from './work.ts';

const port = parentPort;
if (!port) throw new Error('reader-worker runs as a worker thread only; see openReader.');

/** How long one question is worked at before others get between. */
const sliceMs = 10;

interface Asked {
  readonly id: number;
  readonly answers: Answers;
  readonly work: Work<unknown>;
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

function begin(name: string, argument: unknown, id: number, answers: Answers): Asked {
  const question = Object.hasOwn(questions, name) ? questions[name] : undefined;
  if (!question) throw new DeskError(`The reader knows no question "${name}".`);
  const asked: Asked = {
    id,
    answers,
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
        // Text is copied as it is, however deep what it tells of is nested.
        asked.answers.value(asked.id, JSON.stringify(value ?? null));
        return true;
      }
      if (performance.now() - sliceBegan >= sliceMs) return false;
    }
  } catch (error) {
    asked.answers.error(asked.id, error);
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

function take(request: ReaderRequest, answers: Answers): void {
  switch (request.kind) {
    case 'look':
      answers.value(request.id, statements.run(request.statement).rows);
      return;
    case 'ask':
      turns.add(request.asker, begin(request.question, request.argument, request.id, answers));
      break;
    case 'close':
      close = () => {
        db.close();
        answers.value(request.id, null);
        port?.close();
      };
  }
  if (!working) setImmediate(work);
  working = true;
}

answerRequests(port, take);
