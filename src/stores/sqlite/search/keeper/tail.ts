import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { decodePairs } from '../pairs.ts';
import { type PairColumns, sortedPairs } from '../runs/sort-pairs.ts';
import { indexState, type RunKind, runKinds } from '../runs/tables.ts';
import { sliceOf } from '../slices.ts';

/** What the next fold takes: rows of `index_tail` up to one, sorted, by kind. */
export interface TailPart {
  readonly lastId: number;
  readonly byKind: readonly { readonly kind: RunKind; readonly pairs: PairColumns }[];
}

/** Follows how much is in `index_tail` that is in no run. */
export interface Tail {
  /** `null`: too little for a fold, all of it of one week, and not gone. */
  next(): TailPart | null;
  /** It was folded, or something in it was changed. */
  again(): void;
}

const columns = [
  [runKinds.search, 'terms'],
  [runKinds.report, 'reports'],
  [runKinds.ownId, 'own'],
] as const;

const bytesOfPair = 16;

/** @param foldAt pairs that are enough for a fold */
export function createTail(db: DatabaseSync, foldAt: number): Tail {
  let counted = 0;
  let countedTo = -1;
  let slice: number | null = null;
  /** The last row before one of a later week. */
  let endOfSlice: number | null = null;
  /** All of it is gone, as far as is known up to which number events are. */
  let gone = { is: false, dropped: -1 };

  function count(): void {
    if (countedTo < 0) countedTo = indexState(db).folded;
    const rows = prepare(
      db,
      `SELECT id, length(terms) + length(reports) + length(own) AS bytes FROM index_tail WHERE id > ?
       ORDER BY id LIMIT 1000`,
    ).all(countedTo);
    if (rows.length === 0) return;
    const last = Number(rows.at(-1)?.id);
    const first = Number(rows[0]?.id);
    slice ??= sliceOfRow(first);
    if (endOfSlice === null && sliceOfRow(last) > slice) {
      const before = rows.findLast(({ id }) => sliceOfRow(Number(id)) <= (slice ?? 0));
      endOfSlice = before ? Number(before.id) : first - 1;
    }
    for (const { bytes } of rows) counted += Number(bytes) / bytesOfPair;
    countedTo = last;
  }

  /** Of the first number in it: those of a row lie close together. */
  function sliceOfRow(id: number): number {
    const row = prepare(db, 'SELECT terms FROM index_tail WHERE id = ?').get(id);
    return sliceOf(decodePairs((row?.terms as Uint8Array | undefined) ?? new Uint8Array(0))[1] ?? 0);
  }

  /** Where no further events come, what is in the tail would stay for good. */
  function isGone(): boolean {
    const { folded, dropped } = indexState(db);
    if (dropped > gone.dropped) {
      const last = lastInTail(db, folded);
      gone = { is: last !== null && last <= dropped, dropped };
    }
    return gone.is;
  }

  function read(): TailPart | null {
    const { folded, dropped } = indexState(db);
    const blobs = new Map<RunKind, Float64Array[]>(columns.map(([kind]) => [kind, []]));
    let lastId = folded;
    let pairs = 0;
    const rows = prepare(
      db,
      'SELECT id, terms, reports, own FROM index_tail WHERE id > ? AND id <= ? ORDER BY id',
    );
    for (const row of rows.iterate(folded, endOfSlice ?? countedTo)) {
      if (pairs >= 2 * foldAt) continue;
      lastId = Number(row.id);
      for (const [kind, column] of columns) {
        const blob = decodePairs((row[column] as Uint8Array).slice());
        blobs.get(kind)?.push(blob);
        pairs += blob.length / 2;
      }
    }
    if (lastId === folded) return null;
    const byKind = columns.map(([kind]) => ({ kind, pairs: columnsOf(blobs.get(kind) ?? [], dropped) }));
    return { lastId, byKind: byKind.filter((each) => each.pairs.terms.length > 0) };
  }

  return {
    next() {
      count();
      return counted >= foldAt || endOfSlice !== null || isGone() ? read() : null;
    },
    again() {
      counted = 0;
      countedTo = -1;
      slice = null;
      endOfSlice = null;
      gone = { is: false, dropped: -1 };
    },
  };
}

/** The last number that the index knows of; 0: it knows none. */
export function lastIndexed(db: DatabaseSync): number {
  const inRuns = Number(prepare(db, 'SELECT max(last) AS last FROM index_runs').get()?.last ?? 0);
  return Math.max(inRuns, lastInTail(db, 0) ?? 0);
}

/** The last number behind a row; `null`: there is nothing behind it. */
function lastInTail(db: DatabaseSync, after: number): number | null {
  const row = prepare(
    db,
    'SELECT terms, reports, own FROM index_tail WHERE id > ? ORDER BY id DESC LIMIT 1',
  ).get(after);
  if (!row) return null;
  let last = 0;
  for (const [, column] of columns) {
    const pairs = decodePairs((row[column] as Uint8Array).slice());
    for (let i = 1; i < pairs.length; i += 2) last = Math.max(last, pairs[i] ?? 0);
  }
  return last;
}

function columnsOf(blobs: readonly Float64Array[], dropped: number): PairColumns {
  const length = blobs.reduce((sum, blob) => sum + blob.length / 2, 0);
  const terms = new Float64Array(length);
  const seqs = new Float64Array(length);
  let to = 0;
  for (const blob of blobs) {
    for (let i = 0; i < blob.length; i += 2) {
      if ((blob[i + 1] ?? 0) <= dropped) continue;
      terms[to] = blob[i] ?? 0;
      seqs[to++] = blob[i + 1] ?? 0;
    }
  }
  return sortedPairs({ terms: terms.subarray(0, to), seqs: seqs.subarray(0, to) });
}
