import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { type Chunk, readChunk } from './chunk.ts';

/**
 * Runs: sorted pairs (term, number) in chunks of a page each. A run is written once and read from then on; several become
 * one longer (`keeper/merge.ts`).
 *
 * ```text
 * index_runs ── index_places: where a chunk begins ──▸ index_chunks
 *            └─ index_filters (reports and own ids)
 * ```
 */
export const runKinds = { search: 0, report: 1, ownId: 2 } as const;
export type RunKind = (typeof runKinds)[keyof typeof runKinds];

/** Of `index_runs.state`. */
export const runStates = { begun: 0, inUse: 1, over: 2 } as const;

export interface Run {
  readonly run: number;
  readonly kind: RunKind;
  readonly level: number;
  /** The least and the greatest number in it. */
  readonly first: number;
  readonly last: number;
  readonly pairs: number;
  /** Chunks that are written. */
  readonly chunks: number;
  /** Of its filter; 0: it has none. */
  readonly blocks: number;
  /** Blocks that lie in a row of `index_filters`. */
  readonly abreast: number;
  readonly state: number;
  /** The run that it is being merged into. */
  readonly target: number | null;
}

/** A run's chunks have the numbers from its own times this. */
export const chunksInRun = 2 ** 20;

export function runsWhere(db: DatabaseSync, condition: string, ...values: number[]): Run[] {
  const rows = prepare(db, `SELECT * FROM index_runs WHERE ${condition}`).all(...values);
  return rows as unknown as Run[];
}

export function chunkAt(db: DatabaseSync, run: number, chunk: number): Chunk {
  if (chunk < 0) return readChunk(undefined);
  const row = prepare(db, 'SELECT pairs FROM index_chunks WHERE id = ?').get(run * chunksInRun + chunk);
  return readChunk(row?.pairs as Uint8Array | undefined);
}

/** The chunk in which a pair is, if it is in the run; -1: before all of them. */
export function chunkFor(db: DatabaseSync, run: number, term: number, seq: number): number {
  // Of the same term first: SQLite uses an index for one inequality alone.
  const same = prepare(
    db,
    'SELECT chunk FROM index_places WHERE run = ? AND term = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
  ).get(run, term, seq);
  if (same) return Number(same.chunk);
  const before = prepare(
    db,
    'SELECT chunk FROM index_places WHERE run = ? AND term < ? ORDER BY term DESC, seq DESC LIMIT 1',
  ).get(run, term);
  return before ? Number(before.chunk) : -1;
}

/** What is known of the whole index; `version` rises whenever runs come into use or go. */
export interface IndexState {
  readonly version: number;
  /** Rows of `index_tail` up to this one are in runs. */
  readonly folded: number;
  /** Events and deliveries up to this number are gone. */
  readonly dropped: number;
  /** The last number whose phone number is kept under a term that was made without the number key; 0: there is none. */
  readonly unkeyed: number;
}

export function indexState(db: DatabaseSync): IndexState {
  return prepare(db, 'SELECT * FROM index_state').get() as unknown as IndexState;
}
