import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../../core/threads/connection.ts';
import { configure } from '../pragmas.ts';
import { createReaderCalls, type ReaderCalls } from './reader-calls.ts';

const port = parentPort;
if (!port) throw new Error('reader-worker runs as a worker thread only; see openReader.');

const { file } = workerData as { file: string };
const db = new DatabaseSync(file, { readOnly: true });
configure(db, 'reader');
const calls = createReaderCalls(db);

connect<ReaderCalls, object>(port, {
  ...calls,
  async close() {
    await calls.close();
    db.close();
    // Behind the answer.
    setImmediate(() => port.close());
  },
});
