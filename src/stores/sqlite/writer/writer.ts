import type { DatabaseSync } from 'node:sqlite';
import type { WriteTurns } from '../thread/write-turns.ts';
import { createAnswerRequest } from './answer-request.ts';
import { packEvents } from './columns.ts';
import { createCommit } from './commit.ts';
import { type CourierPort, createCourierPorts, type TakenAttempts } from './courier-ports.ts';
import { createEventIndex } from './event-index.ts';
import { createFanOuts } from './fan-outs.ts';
import type { CommitAnswer, Question, WriterAnswers, WriterFailure } from './protocol.ts';
import type { AttemptRow, EventRow } from './row-types.ts';

/** A commit of what couriers recorded alone. */
const noEvents = { kind: 'commit', events: packEvents([]), acceptedAt: null } as const;

/** All that the writer thread does, whatever thread it is in. */
export interface Writer {
  /** Does what the main thread asks. What couriers asked before it comes first. */
  answer(request: Question): WriterAnswers[keyof WriterAnswers];
  /** Commits what couriers recorded, and lets go of their ports. */
  close(): void;
}

export interface WriterOptions {
  readonly turns: WriteTurns;
  readonly couriers: readonly CourierPort[];
  /** A commit of attempts alone failed. */
  readonly onRefused: (failure: WriterFailure) => void;
}

export function createWriter(db: DatabaseSync, { turns, couriers, onRefused }: WriterOptions): Writer {
  const fanOuts = createFanOuts(db);
  const commit = createCommit(db, createEventIndex(db), fanOuts);
  const answerRequest = createAnswerRequest(db, turns, commitEvents);
  const ports = createCourierPorts(couriers, {
    commitAttempts() {
      try {
        answerRequest(noEvents);
      } catch (error) {
        onRefused(failureOf(error));
      }
    },
    answer: answerRequest,
    failureOf,
  });

  try {
    // Couriers look for what waits when it is there.
    storeOwed(() => {});
  } catch {
    // The next commit does it, and tells of the trouble.
  }

  /** What callers were told had failed, or a former process left undone, comes before anything that was accepted later. */
  function storeOwed(tell: (row: EventRow, answer: CommitAnswer) => void): void {
    for (let row = fanOuts.owed(); row; row = fanOuts.owed()) tell(row, store([row], [], null));
  }

  function store(
    events: readonly EventRow[],
    attempts: readonly AttemptRow[],
    acceptedAt: number | null,
  ): CommitAnswer {
    const answer = turns.run(() => commit(events, attempts, acceptedAt));
    fanOuts.stored(events, answer.events);
    return answer;
  }

  /** A commit takes along what couriers recorded, and they are told of it. */
  function commitEvents(asked: readonly EventRow[], acceptedAt: number | null): WriterAnswers['commit'] {
    const taken = ports.take(asked.length);
    try {
      storeOwed((row, stored) => ports.committed(ports.noAttempts, [row], stored, null));
    } catch (error) {
      ports.refused(taken, failureOf(error));
      fanOuts.failed(asked);
      throw error;
    }
    const rows = fanOuts.wanted(asked);
    const { events, withheld } = commitRows(rows, taken, acceptedAt);
    const answers =
      rows.length === asked.length ? events : asked.map((row) => events[rows.indexOf(row)] ?? 0);
    return { events: answers, withheld };
  }

  function commitRows(
    rows: readonly EventRow[],
    taken: TakenAttempts,
    acceptedAt: number | null,
  ): CommitAnswer {
    try {
      const answer = store(rows, taken.rows, acceptedAt);
      ports.committed(taken, rows, answer, acceptedAt);
      return answer;
    } catch (error) {
      ports.refused(taken, failureOf(error));
      // Whoever hands in events is not to blame for attempts.
      if (rows.length > 0 && taken.rows.length > 0) return commitRows(rows, ports.noAttempts, acceptedAt);
      fanOuts.failed(rows);
      throw error;
    }
  }

  return {
    answer(request) {
      ports.catchUp(request.kind === 'commit');
      return answerRequest(request);
    },
    close() {
      ports.catchUp(false);
      ports.close();
    },
  };
}

export function failureOf(error: unknown): WriterFailure {
  const known = error as { message?: unknown; code?: unknown; errstr?: unknown; errcode?: unknown };
  const message = String(known.message);
  const detail = known.errstr && !message.includes(String(known.errstr)) ? ` (${String(known.errstr)})` : '';
  return {
    message: `${message}${detail}`,
    code: known.code ? String(known.code) : null,
    sqliteCode: typeof known.errcode === 'number' ? known.errcode : null,
  };
}
