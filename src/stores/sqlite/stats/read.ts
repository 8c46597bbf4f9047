import type { DatabaseSync } from 'node:sqlite';
import {
  bucketMs,
  type StatsBucket,
  type StatsQuestion,
  type StatsRow,
  statsBuckets,
} from '../../ports/stats.ts';
import { resolutionOf, sumBy } from '../../stats/sums.ts';
import { inOneGo, prepare } from '../reader/work.ts';
import { readRow } from './rows.ts';

/**
 * A webhook's figures by bucket: those that are kept as such, and finer ones that are not old enough yet, summed. One
 * look-up for each bucket that may be there, about 2 µs: 6 ms for 35 days by the hour, 8 ms for 400 days by the day. In
 * one go, since what is tidied up meanwhile would be counted twice or not at all.
 */
export const readStats = inOneGo((db: DatabaseSync, question: StatsQuestion): StatsRow[] => {
  const kinds = statsBuckets.slice(0, statsBuckets.indexOf(question.bucket) + 1);
  const rows = kinds.flatMap((kind) => [...rowsOf(db, kind, question)]);
  return sumBy(rows, question.bucket).sort((a, b) => a.from - b.from);
});

function* rowsOf(
  db: DatabaseSync,
  kind: StatsBucket,
  { webhookId, from, to }: StatsQuestion,
): Generator<StatsRow> {
  const resolution = resolutionOf(kind);
  const ends = prepare(
    db,
    `
    SELECT (SELECT min(start) FROM webhook_stats WHERE resolution = ?1) AS first,
           (SELECT max(start) FROM webhook_stats WHERE resolution = ?1) AS last`,
  );
  const found = ends.get(resolution);
  if (!found || found.first === null) return;
  const find = prepare(db, 'SELECT * FROM webhook_stats WHERE resolution = ? AND start = ? AND webhook = ?');
  const size = bucketMs[kind];
  const last = Math.min(to - size, Number(found.last));
  for (let start = Math.max(from, Number(found.first)); start <= last; start += size) {
    const row = find.get(resolution, start, webhookId);
    if (row) yield readRow(row);
  }
}
