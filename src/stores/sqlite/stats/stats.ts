import type { StatsStore } from '../../ports/stats.ts';
import type { Desk } from '../desk/desk.ts';
import type { Reader } from '../reader/reader.ts';

/** Statistics on SQLite: the desk writes, the reader reads. */
export function createSqliteStats(desk: Pick<Desk, 'ask'>, reader: Pick<Reader, 'ask'>): StatsStore {
  return {
    async add(minutes) {
      if (minutes.length > 0) await desk.ask('addStats', minutes);
    },
    read: ({ asker, ...question }) => reader.ask(asker, 'readStats', question),
    readTotals: (question) => reader.ask(question.accountId, 'readTotals', question),
    tidy: (before, limit) => desk.ask('tidyStats', { before, limit }),
  };
}
