import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../../core/threads/connection.ts';
import { configure } from '../pragmas.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { startCheckpoints } from './checkpoints.ts';
import { createDeskCalls, type DeskCalls } from './desk-calls.ts';

const port = parentPort;
if (!port) throw new Error('desk-worker runs as a worker thread only; see openDesk.');

const { file, turns } = workerData as { file: string; turns?: SharedArrayBuffer | null };
const db = new DatabaseSync(file);
configure(db, 'desk');
const writeTurns = createWriteTurns(turns ?? null);
const checkpoints = startCheckpoints(db);

connect<DeskCalls, object>(port, {
  ...createDeskCalls(db, writeTurns),
  close() {
    checkpoints.close();
    writeTurns.run(() => db.close());
    // Behind the answer.
    queueMicrotask(() => port.close());
  },
});
