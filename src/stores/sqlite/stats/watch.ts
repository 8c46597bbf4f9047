import { stat } from 'node:fs/promises';
import type { StoreWatch } from '../../ports/figures.ts';
import type { Reader } from '../reader/reader.ts';

/** @param file the database */
export function createSqliteWatch(reader: Pick<Reader, 'ask'>, file: string): StoreWatch {
  return {
    async figures() {
      const [backlog, database, wal] = await Promise.all([
        reader.ask(null, 'readBacklog', null),
        sizeOf(file),
        sizeOf(`${file}-wal`),
      ]);
      return { ...backlog, bytes: { database, wal } };
    },
    queues: (question) => reader.ask(null, 'readQueues', question),
    waitingByAccount: async () => new Map(await reader.ask(null, 'readWaitingByAccount', null)),
  };
}

/** A file that is not there is empty. */
async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  return found?.size ?? 0;
}
