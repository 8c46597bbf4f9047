import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { bytesOf, decodePairs } from '../pairs.ts';
import { createChunkWriter, readChunk } from '../runs/chunk.ts';
import { chunkFor, chunksInRun, type Run, runsWhere } from '../runs/tables.ts';

/** What is to be found no more: a term's pairs with some numbers, or with all of them. */
export interface Forgotten {
  readonly terms: ReadonlySet<number>;
  /** `null`: whatever has one of these terms. */
  readonly seqs: ReadonlySet<number> | null;
}

/** Takes pairs out of the tail; call inside a transaction. */
export function forgetInTail(db: DatabaseSync, forgotten: Forgotten): void {
  const update = prepare(db, 'UPDATE index_tail SET terms = ?, reports = ?, own = ? WHERE id = ?');
  for (const row of prepare(db, 'SELECT id, terms, reports, own FROM index_tail').all()) {
    const kept = [row.terms, row.reports, row.own].map((blob) => without(blob as Uint8Array, forgotten));
    const [terms, reports, own] = kept;
    if (terms?.changed || reports?.changed || own?.changed) {
      update.run(terms?.blob ?? empty, reports?.blob ?? empty, own?.blob ?? empty, Number(row.id));
    }
  }
}

const empty = new Uint8Array(0);

function without(blob: Uint8Array, forgotten: Forgotten): { blob: Uint8Array; changed: boolean } {
  const pairs = decodePairs(blob);
  const kept: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const [term = 0, seq = 0] = [pairs[i], pairs[i + 1]];
    if (!isForgotten(forgotten, term, seq)) kept.push(term, seq);
  }
  return { blob: bytesOf(Float64Array.from(kept)), changed: kept.length < pairs.length };
}

/** All runs that may have one of these numbers, those that are being written too. */
export function runsToForgetIn(db: DatabaseSync, { seqs }: Forgotten): readonly Run[] {
  const runs = runsWhere(db, '1 ORDER BY run');
  if (seqs === null) return runs;
  return runs.filter(({ first, last }) => [...seqs].some((seq) => seq >= first && seq <= last));
}

/** Chunks of a run that have one of these terms, each once. */
export function chunksToForgetIn(db: DatabaseSync, run: Run, { terms }: Forgotten): readonly number[] {
  const found = new Set<number>();
  for (const term of terms) {
    const last = chunkFor(db, run.run, term, Number.MAX_SAFE_INTEGER);
    const first = Math.max(0, chunkFor(db, run.run, term, -1));
    for (let chunk = first; chunk <= last; chunk++) found.add(chunk);
  }
  return [...found];
}

/** Writes a chunk anew without what is forgotten; one of which nothing is left goes. Call inside a transaction. */
export function forgetInChunk(db: DatabaseSync, { run }: Run, chunk: number, forgotten: Forgotten): void {
  const id = run * chunksInRun + chunk;
  const bytes = prepare(db, 'SELECT pairs FROM index_chunks WHERE id = ?').get(id)?.pairs;
  if (!bytes) return;
  const { terms, seqs, length } = readChunk(bytes as Uint8Array);
  const [firstTerm = 0, firstSeq = 0] = [terms[0], seqs[0]];
  const writer = createChunkWriter(Math.min(...seqs));
  for (let i = 0; i < length; i++) {
    const [term = 0, seq = 0] = [terms[i], seqs[i]];
    if (!isForgotten(forgotten, term, seq)) writer.add(term, seq);
  }
  if (writer.pairs === length) return;
  prepare(db, 'DELETE FROM index_places WHERE run = ? AND term = ? AND seq = ?').run(
    run,
    firstTerm,
    firstSeq,
  );
  if (writer.pairs === 0) {
    prepare(db, 'DELETE FROM index_chunks WHERE id = ?').run(id);
    return;
  }
  const place = prepare(db, 'INSERT INTO index_places (run, term, seq, chunk) VALUES (?, ?, ?, ?)');
  place.run(run, writer.firstTerm, writer.firstSeq, chunk);
  prepare(db, 'UPDATE index_chunks SET pairs = ? WHERE id = ?').run(writer.take(), id);
}

function isForgotten({ terms, seqs }: Forgotten, term: number, seq: number): boolean {
  return terms.has(term) && (seqs === null || seqs.has(seq));
}
