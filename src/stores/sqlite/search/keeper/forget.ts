import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { bytesOf, decodePairs } from '../pairs.ts';
import { createChunkWriter, readChunk } from '../runs/chunk.ts';
import { chunkFor, chunksInRun, type Run, runsWhere } from '../runs/tables.ts';

/** What is to be found no more: each of these numbers by any of these terms. */
export interface Forgotten {
  readonly terms: ReadonlySet<number>;
  readonly seqs: ReadonlySet<number>;
}

/** Pairs that are taken out together. A chunk that has several of them is written once. */
const together = 200;

/** What was asked for by whoever erased events. */
export interface AskedToForget extends Forgotten {
  readonly pairs: readonly { readonly term: number; readonly seq: number }[];
}

/**
 * The next pairs of `index_forgotten`, by term: `null` where there are none. All that is in it was erased, so that the terms of
 * one of these events may go with the numbers of another.
 */
export function nextForgotten(db: DatabaseSync): AskedToForget | null {
  const rows = prepare(
    db,
    `SELECT term, seq FROM index_forgotten ORDER BY term, seq LIMIT ${together}`,
  ).all();
  if (rows.length === 0) return null;
  const pairs = rows.map(({ term, seq }) => ({ term: Number(term), seq: Number(seq) }));
  return {
    pairs,
    terms: new Set(pairs.map(({ term }) => term)),
    seqs: new Set(pairs.map(({ seq }) => seq)),
  };
}

/** These are in the index no more, and others may have been asked for since; call inside a transaction. */
export function endForgotten(db: DatabaseSync, { pairs }: AskedToForget): void {
  const end = prepare(db, 'DELETE FROM index_forgotten WHERE term = ? AND seq = ?');
  for (const { term, seq } of pairs) end.run(term, seq);
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
  return terms.has(term) && seqs.has(seq);
}
