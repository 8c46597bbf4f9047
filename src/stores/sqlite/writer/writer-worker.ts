import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { sequenceTime } from '../../../core/ids.ts';
import { openDatabase } from '../open-database.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { courierPort } from './courier-ports.ts';
import { lockDatabase } from './database-lock.ts';
import { lockDirectory } from './directory-lock.ts';
import type { WriterAnswers, WriterReply, WriterRequest } from './protocol.ts';
import { createWriter, failureOf } from './writer.ts';

/**
 * The writer thread: the only one that writes events, deliveries and attempts. It takes one request after another, so
 * what a request sees is what all before it left. In the main thread the same work cost 20–40 % of the throughput.
 */
const port = parentPort;
if (!port) throw new Error('writer-worker.ts runs as a worker thread only');
const { dataDir, turns, couriers } = workerData as {
  dataDir: string;
  turns: SharedArrayBuffer | null;
  couriers: readonly MessagePort[];
};

function reply(message: WriterReply): void {
  port?.postMessage(message);
}

try {
  const lock = lockDirectory(dataDir);
  const file = join(dataDir, 'hookwire.db');
  // Before it is opened: that may change its schema.
  const before = existsSync(file) ? await lockDatabase(file) : null;
  const db = openDatabase(file, 'writer');
  const databaseLock = before ?? (await lockDatabase(file));
  const writer = createWriter(db, {
    turns: createWriteTurns(turns),
    couriers: couriers.map(courierPort),
    onRefused: (refused) => reply({ refused }),
  });

  const answer = (request: WriterRequest): WriterAnswers[keyof WriterAnswers] => {
    if (request.kind !== 'close') return writer.answer(request);
    writer.close();
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
      `SELECT max(coalesce((SELECT seq + deliveries FROM events ORDER BY seq DESC LIMIT 1), 0),
         coalesce((SELECT max(seq) FROM deliveries), 0)) AS last`,
    )
    .get();
  const lastSequence = Number(last?.last ?? 0);
  const counted = db.prepare('SELECT max(start) AS at FROM webhook_stats WHERE resolution = 1').get();
  const latestAt = Math.max(sequenceTime(lastSequence), Number(counted?.at ?? 0));
  reply({ ready: true, lastSequence, latestAt });
} catch (error) {
  reply({ failure: failureOf(error) });
}
