import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { sequenceTime } from '../../../core/ids.ts';
import { openDatabase } from '../open-database.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { type Commit, createAnswerRequest } from './answer-request.ts';
import { packAttempts, packEvents } from './columns.ts';
import { createCourierPorts } from './courier-ports.ts';
import { lockDatabase } from './database-lock.ts';
import { lockDirectory } from './directory-lock.ts';
import { createEventIndex } from './event-index.ts';
import type { CommitAnswer, WriterAnswers, WriterFailure, WriterReply, WriterRequest } from './protocol.ts';

/**
 * The writer thread: the only one that writes events, deliveries and attempts. It takes one request after another, so
 * what a request sees is what all before it left. In the main thread the same work cost 20–40 % of the throughput.
 */
const port = parentPort;
if (!port) throw new Error('writer-worker.ts runs as a worker thread only');
const { dataDir, turns, couriers } = workerData as {
  dataDir: string;
  turns?: SharedArrayBuffer | null;
  couriers?: readonly MessagePort[];
};

/** A commit of what couriers recorded alone. */
const nothing = {
  kind: 'commit',
  events: packEvents([]),
  attempts: packAttempts([]),
  acceptedAt: null,
} as const;

function reply(message: WriterReply): void {
  port?.postMessage(message);
}

function failureOf(error: unknown): WriterFailure {
  const known = error as { message?: unknown; code?: unknown; errstr?: unknown; errcode?: unknown };
  const message = String(known.message);
  const detail = known.errstr && !message.includes(String(known.errstr)) ? ` (${String(known.errstr)})` : '';
  return {
    message: `${message}${detail}`,
    code: known.code ? String(known.code) : null,
    sqliteCode: typeof known.errcode === 'number' ? known.errcode : null,
  };
}

try {
  const lock = lockDirectory(dataDir);
  const file = join(dataDir, 'hookwire.db');
  // Before it is opened: that may change its schema.
  const before = existsSync(file) ? await lockDatabase(file) : null;
  const db = openDatabase(file, 'writer');
  const databaseLock = before ?? (await lockDatabase(file));
  const answerRequest = createAnswerRequest(
    db,
    createEventIndex(db),
    createWriteTurns(turns ?? null),
    withCouriers,
  );
  const courierPorts = createCourierPorts(couriers ?? [], {
    commitAttempts() {
      try {
        answerRequest(nothing);
      } catch (error) {
        reply({ refused: failureOf(error) });
      }
    },
    answer: answerRequest,
    failureOf,
  });

  /** A commit that takes along what couriers recorded, and tells them. */
  function withCouriers(commit: Commit): Commit {
    return (events, attempts, acceptedAt) => {
      if (courierPorts.count === 0) return commit(events, attempts, acceptedAt);
      const taken = courierPorts.take(events.length);
      let answer: CommitAnswer;
      try {
        answer = commit(events, [...attempts, ...taken.rows], acceptedAt);
      } catch (error) {
        courierPorts.refused(taken, failureOf(error));
        throw error;
      }
      courierPorts.committed(taken, events, answer, acceptedAt);
      return { ...answer, released: [], overtaken: [] };
    };
  }

  const answer = (request: WriterRequest): WriterAnswers[keyof WriterAnswers] => {
    courierPorts.catchUp(request.kind === 'commit');
    if (request.kind !== 'close') return answerRequest(request);
    courierPorts.close();
    db.close();
    databaseLock.release();
    lock.release();
    return null;
  };

  // Requests are answered in their order, those too that cannot be read.
  port.on('messageerror', (error) => reply({ failure: failureOf(error) }));
  port.on('message', (request: WriterRequest) => {
    try {
      reply({ answer: answer(request) });
    } catch (error) {
      reply({ failure: failureOf(error) });
    }
    if (request.kind === 'close') port.close();
  });

  const last = db
    .prepare(
      'SELECT max(coalesce((SELECT max(seq) FROM events), 0), coalesce((SELECT max(seq) FROM deliveries), 0)) AS last',
    )
    .get();
  const lastSequence = Number(last?.last ?? 0);
  const counted = db.prepare('SELECT max(start) AS at FROM webhook_stats WHERE resolution = 1').get();
  const latestAt = Math.max(sequenceTime(lastSequence), Number(counted?.at ?? 0));
  reply({ ready: true, lastSequence, latestAt });
} catch (error) {
  reply({ failure: failureOf(error) });
}
