import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { bytesOf, decodePairs } from '../pairs.ts';
import { createChunkWriter, readChunk } from '../runs/chunk.ts';
import { chunkFor, chunksInRun, type Run } from '../runs/tables.ts';

/** Each of these numbers is to be found by none of these terms any more. */
export interface Forgotten {
  readonly terms: ReadonlySet<number>;
  readonly seqs: ReadonlySet<number>;
}

/** A row of the tail as it is to be. */
export interface TailRow {
  readonly id: number;
  readonly terms: Uint8Array;
  readonly reports: Uint8Array;
  readonly own: Uint8Array;
}

/** Rows of the tail that have some of these pairs, without them. The tail is some megabytes, and nobody else changes its rows. */
export function tailToForgetIn(
  db: DatabaseSync,
  ofTerms: Forgotten,
  ofIdentities: Forgotten,
): readonly TailRow[] {
  const changed: TailRow[] = [];
  for (const row of prepare(db, 'SELECT id, terms, reports, own FROM index_tail').iterate()) {
    const terms = without(row.terms as Uint8Array, ofTerms);
    const reports = without(row.reports as Uint8Array, ofIdentities);
    const own = without(row.own as Uint8Array, ofIdentities);
    if (!terms.changed && !reports.changed && !own.changed) continue;
    changed.push({ id: Number(row.id), terms: terms.blob, reports: reports.blob, own: own.blob });
  }
  return changed;
}

/** Writes some rows of the tail anew; call inside a transaction. */
export function forgetInTail(db: DatabaseSync, rows: readonly TailRow[]): void {
  const update = prepare(db, 'UPDATE index_tail SET terms = ?, reports = ?, own = ? WHERE id = ?');
  for (const { id, terms, reports, own } of rows) update.run(terms, reports, own, id);
}

function without(blob: Uint8Array, { terms, seqs }: Forgotten): { blob: Uint8Array; changed: boolean } {
  const pairs = decodePairs(blob);
  const kept: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const [term = 0, seq = 0] = [pairs[i], pairs[i + 1]];
    if (!seqs.has(seq) || !terms.has(term)) kept.push(term, seq);
  }
  return { blob: bytesOf(Float64Array.from(kept)), changed: kept.length < pairs.length };
}

/**
 * Chunks of a run in which one of these terms may be, each once, rising: one is looked up for all terms that fall into it.
 *
 * @param terms rising
 */
export function* chunksToForgetIn(db: DatabaseSync, { run }: Run, terms: Float64Array): Generator<number> {
  const ofTerm = prepare(db, 'SELECT max(chunk) AS last FROM index_places WHERE run = ? AND term = ?');
  const behind = prepare(
    db,
    'SELECT term FROM index_places WHERE run = ? AND term > ? ORDER BY term, seq LIMIT 1',
  );
  let given = -1;
  /** With this one begins what is behind the chunk that was given last. */
  let next = 0;
  for (const term of terms) {
    if (term < next) continue;
    const first = Math.max(given + 1, 0, chunkFor(db, run, term, -1));
    const last = Math.max(chunkFor(db, run, term, -1), Number(ofTerm.get(run, term)?.last ?? -1));
    next = Number(behind.get(run, term)?.term ?? Number.POSITIVE_INFINITY);
    for (let chunk = first; chunk <= last; chunk++) yield chunk;
    given = Math.max(given, last);
  }
}

/** A chunk as it is to be; `bytes: null`: nothing of it is left. */
export interface ChangedChunk {
  readonly run: number;
  readonly chunk: number;
  readonly bytes: Uint8Array | null;
  /** Its first pair, before and now. */
  readonly before: { readonly term: number; readonly seq: number };
  readonly now: { readonly term: number; readonly seq: number };
}

/** A chunk without what is forgotten; `null`: it has nothing of that. Reads only. */
export function chunkWithout(
  db: DatabaseSync,
  { run }: Run,
  chunk: number,
  { terms: gone, seqs: goneSeqs }: Forgotten,
): ChangedChunk | null {
  const bytes = prepare(db, 'SELECT pairs FROM index_chunks WHERE id = ?').get(
    run * chunksInRun + chunk,
  )?.pairs;
  if (!bytes) return null;
  const { terms, seqs, length } = readChunk(bytes as Uint8Array);
  const isGone = (i: number): boolean => goneSeqs.has(seqs[i] ?? 0) && gone.has(terms[i] ?? 0);
  let first = 0;
  while (first < length && !isGone(first)) first++;
  if (first === length) return null;
  const writer = createChunkWriter(Math.min(...seqs));
  for (let i = 0; i < length; i++) if (i < first || !isGone(i)) writer.add(terms[i] ?? 0, seqs[i] ?? 0);
  const now = { term: writer.firstTerm, seq: writer.firstSeq };
  const before = { term: terms[0] ?? 0, seq: seqs[0] ?? 0 };
  return { run, chunk, before, now, bytes: writer.pairs === 0 ? null : writer.take() };
}

/** Writes a chunk anew, or deletes it; call inside a transaction. */
export function writeWithout(db: DatabaseSync, { run, chunk, bytes, before, now }: ChangedChunk): void {
  const id = run * chunksInRun + chunk;
  if (bytes === null) prepare(db, 'DELETE FROM index_chunks WHERE id = ?').run(id);
  else prepare(db, 'UPDATE index_chunks SET pairs = ? WHERE id = ?').run(bytes, id);
  if (bytes !== null && before.term === now.term && before.seq === now.seq) return;
  prepare(db, 'DELETE FROM index_places WHERE run = ? AND term = ? AND seq = ?').run(
    ...[run, before.term, before.seq],
  );
  if (bytes === null) return;
  prepare(db, 'INSERT INTO index_places (run, term, seq, chunk) VALUES (?, ?, ?, ?)').run(
    ...[run, now.term, now.seq, chunk],
  );
}
