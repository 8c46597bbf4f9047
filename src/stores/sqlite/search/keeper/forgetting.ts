import type { DatabaseSync } from 'node:sqlite';
import { type Run, runKinds, runsWhere } from '../runs/tables.ts';
import { type AskedToForget, endForgotten, type ForgottenPart } from './asked-to-forget.ts';
import {
  type ChangedChunk,
  chunksToForgetIn,
  chunkWithout,
  type Forgotten,
  forgetInTail,
  tailToForgetIn,
  writeWithout,
} from './forget.ts';
import { forgetInFormerBucket, formerBucketsToForgetIn } from './former.ts';

/** Rows of the tail that a transaction writes. */
const rowsAtOnce = 50;
/** Chunks that a piece reads at most: some 5 ms. */
const readAtOnce = 64;

export interface ForgettingOptions {
  /** Chunks that a transaction writes. */
  readonly chunksAPiece: number;
  readonly transaction: (write: () => void) => void;
}

/**
 * Takes out of the index what was erased, a piece at a time: out of the tail in the first, then run by run. Runs that are begun
 * from the tail meanwhile have none of it. Nothing is to be merged or dropped before it has ended: what a merge has in
 * memory has it still.
 */
export function* forgetting(
  db: DatabaseSync,
  { parts }: AskedToForget,
  { chunksAPiece, transaction }: ForgettingOptions,
): Generator<void, void, void> {
  const ofTerms = together(parts, ({ terms }) => terms);
  const ofIdentities = together(parts, ({ identities }) => identities);
  for (const rows of some(tailToForgetIn(db, ofTerms, ofIdentities), rowsAtOnce)) {
    transaction(() => forgetInTail(db, rows));
  }
  const runs = runsWhere(db, '1 ORDER BY run');
  yield;
  for (const run of runs) {
    const isSearch = run.kind === runKinds.search;
    const forgotten = isSearch ? ofTerms : ofIdentities;
    for (const chunks of changedIn(db, run, termsIn(run, parts), forgotten, chunksAPiece)) {
      if (chunks.length > 0) transaction(() => chunks.forEach((chunk) => void writeWithout(db, chunk)));
      yield;
    }
  }
  const all = { terms: new Set([...ofTerms.terms, ...ofIdentities.terms]), seqs: ofTerms.seqs };
  for (const bucket of formerBucketsToForgetIn(db, all)) {
    transaction(() => forgetInFormerBucket(db, bucket, all));
    yield;
  }
  for (const ended of some(parts, rowsAtOnce)) transaction(() => endForgotten(db, ended));
}

/** The chunks of a run that change, as many at a time as are written at once, or fewer where many are read for them. */
function* changedIn(
  db: DatabaseSync,
  run: Run,
  terms: Float64Array,
  forgotten: Forgotten,
  mostAtOnce: number,
): Generator<readonly ChangedChunk[]> {
  let changed: ChangedChunk[] = [];
  let read = 0;
  for (const number of chunksToForgetIn(db, run, terms)) {
    const chunk = chunkWithout(db, run, number, forgotten);
    if (chunk) changed.push(chunk);
    if (changed.length < mostAtOnce && ++read < readAtOnce) continue;
    yield changed;
    changed = [];
    read = 0;
  }
  if (changed.length > 0) yield changed;
}

/** Of the parts that have numbers of a run, what may be in it; rising. */
function termsIn({ kind, first, last }: Run, parts: readonly ForgottenPart[]): Float64Array {
  const terms = new Set<number>();
  for (const part of parts) {
    if (!part.seqs.some((seq) => seq >= first && seq <= last)) continue;
    for (const term of kind === runKinds.search ? part.terms : part.identities) terms.add(term);
  }
  return Float64Array.from(terms).sort();
}

function together(
  parts: readonly ForgottenPart[],
  termsOf: (part: ForgottenPart) => readonly number[],
): Forgotten {
  return { terms: new Set(parts.flatMap(termsOf)), seqs: new Set(parts.flatMap(({ seqs }) => seqs)) };
}

/** Some at a time. */
function* some<T>(all: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += most) yield all.slice(from, from + most);
}
