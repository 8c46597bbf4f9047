import { stat } from 'node:fs/promises';
import type { StoreWatch, WebhookQueue } from '../../ports/figures.ts';
import type { Desk } from '../desk/desk.ts';
import type { Backlog } from './backlog.ts';

/** @param file the database */
export function createSqliteWatch(desk: Pick<Desk, 'call'>, file: string): StoreWatch {
  return {
    async figures() {
      const [backlog, database, wal] = await Promise.all([
        desk.call('readBacklog', null) as Promise<Backlog>,
        sizeOf(file),
        sizeOf(`${file}-wal`),
      ]);
      return { ...backlog, bytes: { database, wal } };
    },
    queues: async (question) => (await desk.call('readQueues', question)) as WebhookQueue[],
    waitingByAccount: async () =>
      new Map((await desk.call('readWaitingByAccount', null)) as [string, number][]),
  };
}

/** A file that is not there is empty. */
async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  return found?.size ?? 0;
}
