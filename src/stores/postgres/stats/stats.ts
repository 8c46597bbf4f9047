import type { Pool } from 'pg';
import type { StatsStore } from '../../ports/stats.ts';
import type { Questions } from '../questions/questions.ts';
import { inTransaction } from '../transaction.ts';
import { addStats } from './add.ts';
import { readStats } from './read.ts';
import { tidyStats } from './tidy.ts';
import { readTotals } from './totals.ts';

/** Statistics on PostgreSQL: any process adds to the same rows. */
export function createPostgresStats(pool: Pool, questions: Questions): StatsStore {
  return {
    async add(minutes) {
      if (minutes.length === 0) return;
      await inTransaction(pool, 'read committed', (client) => addStats(client, minutes));
    },
    read: ({ asker, ...question }) => questions.ask(asker, (asking) => readStats(asking, question)),
    readTotals: (question) => questions.ask(question.accountId, (asking) => readTotals(asking, question)),
    tidy: (before, limit) =>
      inTransaction(pool, 'read committed', (client) => tidyStats(client, before, limit)),
  };
}
