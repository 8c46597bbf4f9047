import type { StatsRow, StatsStore, WebhookTotals } from '../../ports/stats.ts';
import type { Desk } from '../desk/desk.ts';
import type { Reader } from '../reader/reader.ts';
import type { StatsQuestion } from './read.ts';
import type { TidyRequest } from './tidy.ts';

/** Statistics on SQLite: the desk writes, the reader reads. */
export function createSqliteStats(desk: Pick<Desk, 'call'>, reader: Pick<Reader, 'ask'>): StatsStore {
  return {
    async add(minutes) {
      if (minutes.length > 0) await desk.call('addStats', minutes);
    },
    read: async ({ asker, ...question }) =>
      (await reader.ask(asker, 'readStats', question satisfies StatsQuestion)) as StatsRow[],
    readTotals: async (question) =>
      (await reader.ask(question.accountId, 'readTotals', question)) as WebhookTotals[],
    tidy: async (before, limit) =>
      (await desk.call('tidyStats', { before, limit } satisfies TidyRequest)) as number,
  };
}
