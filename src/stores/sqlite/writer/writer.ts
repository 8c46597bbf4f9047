import type { DatabaseSync } from 'node:sqlite';
import type { WriteTurns } from '../thread/write-turns.ts';
import { type Commit, createAnswerRequest } from './answer-request.ts';
import { packEvents } from './columns.ts';
import { type CourierPort, createCourierPorts } from './courier-ports.ts';
import { createEventIndex } from './event-index.ts';
import type { CommitAnswer, Question, WriterAnswers, WriterFailure } from './protocol.ts';
import type { EventRow } from './row-types.ts';

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
  const answerRequest = createAnswerRequest(db, createEventIndex(db), turns, commitEvents);
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

  /** A commit takes along what couriers recorded, and they are told of it. */
  function commitEvents(store: Commit, rows: readonly EventRow[], acceptedAt: number | null) {
    let taken = ports.take(rows.length);
    let answer: CommitAnswer;
    try {
      answer = store(rows, taken.rows, acceptedAt);
    } catch (error) {
      ports.refused(taken, failureOf(error));
      if (rows.length === 0 || taken.rows.length === 0) throw error;
      // Whoever hands in events is not to blame for attempts.
      taken = ports.noAttempts;
      answer = store(rows, [], acceptedAt);
    }
    ports.committed(taken, rows, answer, acceptedAt);
    const { events, withheld } = answer;
    return { events, withheld };
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
