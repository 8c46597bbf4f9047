import type { StatsRow, StatsStore, WebhookTotals } from '../../ports/stats.ts';
import type { Desk } from '../desk/desk.ts';
import type { TidyRequest } from './tidy.ts';

/** Statistics on SQLite: all of it in the desk thread. */
export function createSqliteStats(desk: Pick<Desk, 'call'>): StatsStore {
  return {
    async add(minutes) {
      if (minutes.length > 0) await desk.call('addStats', minutes);
    },
    read: async (question) => (await desk.call('readStats', question)) as StatsRow[],
    readTotals: async (question) => (await desk.call('readTotals', question)) as WebhookTotals[],
    tidy: async (before, limit) =>
      (await desk.call('tidyStats', { before, limit } satisfies TidyRequest)) as number,
  };
}
