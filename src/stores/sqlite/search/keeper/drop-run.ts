import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { chunksInRun, type Run } from '../runs/tables.ts';

/** So many chunks go at once: each is a page that is overwritten. */
const chunksTogether = 100;
/** The same of its filter's rows, when the chunks are gone. */
const filtersTogether = 100;

/** A part of a run that is over goes, from its end, or the run itself; call inside a transaction. */
export function dropRun(db: DatabaseSync, { run, chunks }: Run): void {
  const from = Math.max(0, chunks - chunksTogether);
  const ids = [run * chunksInRun + from, run * chunksInRun + chunks] as const;
  prepare(db, 'DELETE FROM index_chunks WHERE id >= ? AND id < ?').run(...ids);
  const start = prepare(
    db,
    'SELECT term, seq FROM index_places WHERE run = ? ORDER BY term DESC, seq DESC LIMIT 1 OFFSET ?',
  );
  const place = start.get(run, chunksTogether - 1);
  if (place) {
    prepare(db, 'DELETE FROM index_places WHERE run = ? AND (term, seq) >= (?, ?)').run(
      run,
      Number(place.term),
      Number(place.seq),
    );
  } else prepare(db, 'DELETE FROM index_places WHERE run = ?').run(run);
  prepare(db, 'UPDATE index_runs SET chunks = ? WHERE run = ?').run(from, run);
  if (from > 0) return;
  const { changes } = prepare(
    db,
    `DELETE FROM index_filters WHERE id IN
     (SELECT id FROM index_filters WHERE id >= ? AND id < ? ORDER BY id LIMIT ${filtersTogether})`,
  ).run(run * chunksInRun, (run + 1) * chunksInRun);
  if (changes < filtersTogether) prepare(db, 'DELETE FROM index_runs WHERE run = ?').run(run);
}
