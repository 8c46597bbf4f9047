import { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/threads/connection.ts';
import { migrate } from '../../stores/sqlite/migrations/migrate.ts';
import { testNumberKey } from '../../stores/sqlite/testing/store-cipher.ts';
import { useNumberKey } from '../../stores/sqlite/thread/number-key.ts';
import type { WriteTurns } from '../../stores/sqlite/thread/write-turns.ts';
import type { StorePort } from '../../stores/sqlite/writer/courier-log.ts';
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
  thread(): WriterThread;
}

/** One process: what it asks, and who answers. */
interface Life {
  readonly writer: Writer;
  readonly port: StorePort;
  over: boolean;
}

export function createPlayedWriter(): PlayedWriter {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  useNumberKey(db, testNumberKey);
  let questions: (() => void)[] = [];
  let life = begin();

  function ask(question: () => void): void {
    questions.push(question);
    played.onAsked();
  }

  /** An end of a connection; what the other end sends arrives as `sent` says. */
  function endOf(sent: (message: Message) => void): StorePort & { hear: (message: Message) => void } {
    const end = {
      hear: (_: Message): void => {},
      postMessage: sent,
      on(event: 'message' | 'messageerror', listen: (message: never) => void) {
        if (event === 'message') end.hear = listen as (message: Message) => void;
      },
      close() {},
    };
    return end;
  }

  function begin(): Life {
    const couriersEnd = endOf((request) => {
      if (!own.over) ask(() => writersEnd.hear(request));
    });
    const writersEnd = endOf((reply) => {
      if (!own.over) couriersEnd.hear(reply);
    });
    const turns: WriteTurns = {
      run(write) {
        if (own.over || played.refuses) throw new Error('The disk is full.');
        return write();
      },
    };
    const own: Life = {
      over: false,
      port: couriersEnd,
      writer: createWriter(db, { turns, asked: { count: 0 }, couriers: [writersEnd], onRefused: () => {} }),
    };
    return own;
  }

  function thread(): WriterThread {
    const own = life;
    return {
      lastSequence: Number(db.prepare('SELECT max(seq) AS last FROM deliveries').get()?.last ?? 0),
      latestAt: 0,
      commitsAsked: 0,
      ask(call, ...args) {
        const { promise, resolve, reject } = Promise.withResolvers<never>();
        const carryOut = own.writer[call as 'probe'] as (...args: readonly unknown[]) => unknown;
        if (own.over) return promise;
        ask(() => {
          try {
            resolve(carryOut(...args) as never);
          } catch (error) {
            reject(error);
          }
        });
        return promise;
      },
      onRefused() {},
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
    thread,
  };
  return played;
}
