import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../../../core/threads/connection.ts';
import { configure } from '../../pragmas.ts';
import { createWriteTurns } from '../../thread/write-turns.ts';
import { type KeeperCalls, type KeeperNews, keepIndex } from './keeper-calls.ts';

const port = parentPort;
if (!port) throw new Error('keeper-worker runs as a worker thread only; see openKeeper.');

const { file, turns } = workerData as { file: string; turns: SharedArrayBuffer };
const db = new DatabaseSync(file);
configure(db, 'keeper');
const writeTurns = createWriteTurns(turns);
const calls = keepIndex(db, writeTurns, (problem) => main.tell('trouble', problem));

const main = connect<KeeperCalls, KeeperNews>(port, {
  ...calls,
  close() {
    void calls.close();
    writeTurns.run(() => db.close());
    // Behind the answer.
    queueMicrotask(() => port.close());
  },
});
