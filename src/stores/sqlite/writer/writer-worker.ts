import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { sequenceTime } from '../../../core/ids.ts';
import { connect } from '../../../core/threads/connection.ts';
import { errorToMessage } from '../../../core/threads/thread-error.ts';
import { openDatabase } from '../open-database.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createAskedCommits } from './asked-commits.ts';
import { lockDatabase } from './database-lock.ts';
import { lockDirectory } from './directory-lock.ts';
import { lastGiven, newestStored } from './last-number.ts';
import type { Opened, WriterCalls, WriterNews } from './protocol.ts';
import { createWriter, type Writer } from './writer.ts';

/**
 * The writer thread: the only one that writes events, deliveries and attempts. It takes one request after another, so
 * what a request sees is what all before it left. In the main thread the same work cost 20–40 % of the throughput.
 */
const port = parentPort;
if (!port) throw new Error('writer-worker.ts runs as a worker thread only');
const { dataDir, turns, couriers, asked } = workerData as {
  dataDir: string;
  turns: SharedArrayBuffer | null;
  couriers: readonly MessagePort[];
  asked: SharedArrayBuffer;
};

interface OpenStore {
  readonly db: DatabaseSync;
  readonly writer: Writer;
  close(): void;
}

let opened: OpenStore | null = null;

async function open(): Promise<Opened> {
  const lock = lockDirectory(dataDir);
  const file = join(dataDir, 'hookwire.db');
  // Before it is opened: that may change its schema.
  const before = existsSync(file) ? await lockDatabase(file) : null;
  const db = openDatabase(file, 'writer');
  const databaseLock = before ?? (await lockDatabase(file));
  const writer = createWriter(db, {
    turns: createWriteTurns(turns),
    asked: createAskedCommits(asked),
    couriers,
    onRefused: (error) => main.tell('attemptsRefused', errorToMessage(error)),
  });
  opened = {
    db,
    writer,
    close() {
      writer.close();
      for (const courier of couriers) courier.close();
      db.close();
      databaseLock.release();
      lock.release();
    },
  };
  const counted = db.prepare('SELECT max(start) AS at FROM webhook_stats WHERE resolution = 1').get();
  const latestAt = Math.max(sequenceTime(newestStored(db)), Number(counted?.at ?? 0));
  return { lastSequence: lastGiven(db), latestAt };
}

function store(): OpenStore {
  if (!opened) throw new Error('The store is not open.');
  return opened;
}

const main = connect<WriterCalls, WriterNews>(port, {
  open,
  useNumberKey: (key) => useNumberKey(store().db, key),
  commit: (...call) => store().writer.commit(...call),
  bringBack: (now, after) => store().writer.bringBack(now, after),
  eraseEvents: (...call) => store().writer.eraseEvents(...call),
  deleteEvents: (...call) => store().writer.deleteEvents(...call),
  probe: () => store().writer.probe(),
  keep: (keeps) => store().writer.keep(keeps),
  cut: (...call) => store().writer.cut(...call),
  close() {
    opened?.close();
    // Behind the answer.
    queueMicrotask(() => port.close());
  },
});
