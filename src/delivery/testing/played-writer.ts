import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../stores/sqlite/migrations/migrate.ts';
import type { WriteTurns } from '../../stores/sqlite/thread/write-turns.ts';
import type { StorePort } from '../../stores/sqlite/writer/courier-log.ts';
import type { CourierPort } from '../../stores/sqlite/writer/courier-ports.ts';
import type {
  CourierReply,
  CourierRequest,
  WriterAnswers,
  WriterRequest,
} from '../../stores/sqlite/writer/protocol.ts';
import { createWriter, type Writer } from '../../stores/sqlite/writer/writer.ts';
import type { WriterThread } from '../../stores/sqlite/writer/writer-thread.ts';

/** The writer thread's work in this thread and in memory, one question after another, when the test says so. */
export interface PlayedWriter {
  readonly db: DatabaseSync;
  /** Does what was asked next and answers it; `false` when nothing was asked. */
  answer(): boolean;
  /** Nothing can be written. */
  refuses: boolean;
  /** Called when something is asked. */
  onAsked: () => void;
  /** The process dies: what was asked and not answered was never done, and who asked is heard no more. */
  crash(): void;
  /** The courier's end of its connection. */
  port(): StorePort;
  open(): WriterThread;
}

const writers = new Map<string, PlayedWriter>();

/** Stands in for `startWriterThread`, where the directory is the name of a played writer. */
export async function startPlayedThread(name: string): Promise<WriterThread> {
  const writer = writers.get(name);
  if (!writer) throw new Error(`There is no played writer ${name}.`);
  return writer.open();
}

/** One process: what it asks, and who answers. */
interface Life {
  readonly writer: Writer;
  readonly port: StorePort;
  over: boolean;
}

export function createPlayedWriter(name: string): PlayedWriter {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  let questions: (() => void)[] = [];
  let life = begin();

  function ask(question: () => void): void {
    questions.push(question);
    played.onAsked();
  }

  function begin(): Life {
    let toWriter: (request: CourierRequest) => void = () => {};
    let toCourier: (reply: CourierReply) => void = () => {};
    const turns: WriteTurns = {
      run(write) {
        if (own.over || played.refuses) throw new Error('The disk is full.');
        return write();
      },
    };
    const writersEnd: CourierPort = {
      post(reply) {
        if (!own.over) toCourier(reply);
      },
      onRequest(listen) {
        toWriter = listen;
      },
      // All questions are in one line.
      take: () => undefined,
      close: () => {},
    };
    const own: Life = {
      over: false,
      writer: createWriter(db, { turns, couriers: [writersEnd], onRefused: () => {} }),
      port: {
        postMessage(request) {
          if (!own.over) ask(() => toWriter(request));
        },
        on(_, listen) {
          toCourier = listen;
        },
        close: () => {},
      },
    };
    return own;
  }

  function open(): WriterThread {
    const own = life;
    return {
      lastSequence: Number(db.prepare('SELECT max(seq) AS last FROM deliveries').get()?.last ?? 0),
      latestAt: 0,
      ended: false,
      ask(request, then) {
        if (own.over) return;
        ask(() => {
          let answer: WriterAnswers[keyof WriterAnswers];
          try {
            answer = own.writer.answer(request as Exclude<WriterRequest, { kind: 'close' }>);
          } catch (error) {
            then(null, Object.assign(new Error(String(error)), { code: null, sqliteCode: null }));
            return;
          }
          then(answer as never, null);
        });
      },
      close: async () => {},
    };
  }

  const played: PlayedWriter = {
    db,
    refuses: false,
    onAsked: () => {},
    answer() {
      const next = questions.shift();
      next?.();
      return next !== undefined;
    },
    crash() {
      life.over = true;
      questions = [];
      life = begin();
    },
    port: () => life.port,
    open,
  };
  writers.set(name, played);
  return played;
}
