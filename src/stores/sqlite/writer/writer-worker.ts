import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { sequenceTime } from '../../../core/ids.ts';
import { openDatabase } from '../open-database.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createAnswerRequest } from './answer-request.ts';
import { lockDatabase } from './database-lock.ts';
import { lockDirectory } from './directory-lock.ts';
import { createEventIndex } from './event-index.ts';
import type { WriterAnswers, WriterReply, WriterRequest } from './protocol.ts';

/**
 * The writer thread: the only one that writes events, deliveries and attempts. It takes one request after another, so
 * what a request sees is what all before it left. In the main thread the same work cost 20–40 % of the throughput.
 */
const port = parentPort;
if (!port) throw new Error('writer-worker.ts runs as a worker thread only');
const { dataDir, turns } = workerData as { dataDir: string; turns?: SharedArrayBuffer | null };

function reply(message: WriterReply): void {
  port?.postMessage(message);
}

function failure(error: unknown): WriterReply {
  const known = error as { message?: unknown; code?: unknown; errstr?: unknown; errcode?: unknown };
  const message = String(known.message);
  const detail = known.errstr && !message.includes(String(known.errstr)) ? ` (${String(known.errstr)})` : '';
  return {
    failure: {
      message: `${message}${detail}`,
      code: known.code ? String(known.code) : null,
      sqliteCode: typeof known.errcode === 'number' ? known.errcode : null,
    },
  };
}

try {
  const lock = lockDirectory(dataDir);
  const file = join(dataDir, 'hookwire.db');
  // Before it is opened: that may change its schema.
  const before = existsSync(file) ? await lockDatabase(file) : null;
  const db = openDatabase(file, 'writer');
  const databaseLock = before ?? (await lockDatabase(file));
  const answerRequest = createAnswerRequest(db, createEventIndex(db), createWriteTurns(turns ?? null));

  const answer = (request: WriterRequest): WriterAnswers[keyof WriterAnswers] => {
    if (request.kind !== 'close') return answerRequest(request);
    db.close();
    databaseLock.release();
    lock.release();
    return null;
  };

  // Requests are answered in their order, those too that cannot be read.
  port.on('messageerror', (error) => reply(failure(error)));
  port.on('message', (request: WriterRequest) => {
    try {
      reply({ answer: answer(request) });
    } catch (error) {
      reply(failure(error));
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
  reply(failure(error));
}
