import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../stores/sqlite/migrations/migrate.ts';
import { createWriteTurns } from '../../stores/sqlite/thread/write-turns.ts';
import { createAnswerRequest } from '../../stores/sqlite/writer/answer-request.ts';
import { createEventIndex } from '../../stores/sqlite/writer/event-index.ts';
import type { WriterAnswers, WriterRequest } from '../../stores/sqlite/writer/protocol.ts';
import type { WriterThread } from '../../stores/sqlite/writer/writer-thread.ts';

/** The writer thread's work in this thread and in memory, one question after another, when the test says so. */
export interface PlayedWriter {
  readonly db: DatabaseSync;
  /** Does what was asked next and answers it; `false` when nothing was asked. */
  answer(): boolean;
  /** Commits fail. */
  refuses: boolean;
  /** Called when something is asked. */
  onAsked: () => void;
  /** The process dies: what was asked and not answered was never done, and who asked is heard no more. */
  crash(): void;
  open(): WriterThread;
}

const writers = new Map<string, PlayedWriter>();

/** Stands in for `startWriterThread`, where the directory is the name of a played writer. */
export async function startPlayedThread(name: string): Promise<WriterThread> {
  const writer = writers.get(name);
  if (!writer) throw new Error(`There is no played writer ${name}.`);
  return writer.open();
}

export function createPlayedWriter(name: string): PlayedWriter {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  let answerRequest = createAnswerRequest(db, createEventIndex(db), createWriteTurns(null));
  let questions: (() => void)[] = [];
  let life = 0;

  function work(request: WriterRequest): WriterAnswers[keyof WriterAnswers] {
    if (request.kind === 'close') return null;
    if (request.kind === 'commit' && writer.refuses) throw new Error('The disk is full.');
    return answerRequest(request);
  }

  function open(): WriterThread {
    const openedIn = life;
    return {
      lastSequence: Number(db.prepare('SELECT max(seq) AS last FROM deliveries').get()?.last ?? 0),
      latestAt: 0,
      ended: false,
      ask(request, then) {
        if (life !== openedIn) return;
        questions.push(() => {
          let answer: WriterAnswers[keyof WriterAnswers];
          try {
            answer = work(request);
          } catch (error) {
            then(null, Object.assign(new Error(String(error)), { code: null, sqliteCode: null }));
            return;
          }
          then(answer as never, null);
        });
        writer.onAsked();
      },
      close: async () => {},
    };
  }

  const writer: PlayedWriter = {
    db,
    refuses: false,
    onAsked: () => {},
    answer() {
      const next = questions.shift();
      next?.();
      return next !== undefined;
    },
    crash() {
      life++;
      questions = [];
      answerRequest = createAnswerRequest(db, createEventIndex(db), createWriteTurns(null));
    },
    open,
  };
  writers.set(name, writer);
  return writer;
}
