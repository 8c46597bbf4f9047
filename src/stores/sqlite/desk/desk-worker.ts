import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../../core/threads/connection.ts';
import { configure } from '../pragmas.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createWipe } from '../wiping/wipe.ts';
import { startCheckpoints } from './checkpoints.ts';
import type { BesideWriter } from './desk.ts';
import { createDeskCalls, type DeskCalls } from './desk-calls.ts';

const port = parentPort;
if (!port) throw new Error('desk-worker runs as a worker thread only; see openDesk.');

const { file, turns = null, descriptor = null } = workerData as { file: string } & Partial<BesideWriter>;
const db = new DatabaseSync(file);
configure(db, 'desk');
const writeTurns = createWriteTurns(turns);
const wipe = descriptor === null ? null : createWipe({ file, descriptor, turns: writeTurns });
const checkpoints = startCheckpoints(db, descriptor);

connect<DeskCalls, object>(port, {
  ...createDeskCalls(db, writeTurns),
  wipe(from) {
    if (!wipe) throw new Error('Only the gateway itself overwrites what is left in its files.');
    return wipe(from);
  },
  close() {
    checkpoints.close();
    writeTurns.run(() => db.close());
    // Behind the answer.
    queueMicrotask(() => port.close());
  },
});
