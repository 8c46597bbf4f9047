import type { DatabaseSync } from 'node:sqlite';
import type { TermRange } from '../../search/number-terms.ts';
import { prepare } from '../reader/work.ts';
import { formerRuns, inFormerRun } from './former-index.ts';
import type { Found, Span } from './found.ts';
import { decodePairs, findAnyInUnsorted, findRangesInUnsorted } from './pairs.ts';
import { inRun } from './runs/in-run.ts';
import { indexState, runKinds, runStates, runsWhere } from './runs/tables.ts';

/** {@link findByTerms} for one term. */
export function findByTerm(db: DatabaseSync, term: number, span: Span): Found {
  return findByTerms(db, [term], span);
}

/**
 * The sequence numbers that any of these terms was noted for, newest first. Runs are opened as they are needed, the newest
 * first (some 20 µs each); what is in no run yet is read once for all terms, 3 ms at most. Of what is found rows may be
 * gone. Where runs were merged or dropped between two slices, it goes on in those that are there now.
 *
 * A part of an event is noted behind what others stored since its first part (`writer/fan-outs.ts`), so a run may have
 * numbers below some of the runs before it: these wait for them.
 */
export function findByTerms(db: DatabaseSync, terms: readonly number[], span: Span): Found {
  const wanted = new Set(terms);
  const ranges = [...wanted].map((term) => ({ from: term, before: term + 1 }));
  return find(db, ranges, span, (pairs) => findAnyInUnsorted(pairs, wanted));
}

/** {@link findByTerms} for all terms of a few ranges. */
export function findByRanges(db: DatabaseSync, ranges: readonly TermRange[], span: Span): Found {
  return find(db, ranges, span, (pairs) => findRangesInUnsorted(pairs, ranges));
}

type InTail = (pairs: Float64Array) => number[];

function* find(db: DatabaseSync, ranges: readonly TermRange[], span: Span, inTail: InTail): Found {
  let { before } = span;
  for (;;) {
    const { version } = indexState(db);
    let isSame = true;
    for (const seq of newestFirst(sources(db, ranges, { from: span.from, before }, inTail))) {
      if (seq === null) {
        yield null;
        // What was read before others got between holds, but what is not read yet may have moved.
        isSame = indexState(db).version === version;
        if (!isSame) break;
      } else if (seq < before) {
        before = seq;
        yield seq;
      }
    }
    if (isSame) return;
  }
}

/** Falling numbers, and where they are from: none of them is above `highest`. */
interface Source {
  readonly highest: number;
  readonly open: () => Found;
}

function sources(
  db: DatabaseSync,
  ranges: readonly TermRange[],
  span: Span,
  inTail: InTail,
): readonly Source[] {
  const { from, before } = span;
  const ofTail = (): Found => numbers(tailOf(db, span, inTail));
  const runs = runsWhere(
    db,
    `state = ${runStates.inUse} AND kind = ${runKinds.search} AND first < ? AND last >= ?`,
    before,
    from,
  );
  return [
    { highest: Number.MAX_SAFE_INTEGER, open: ofTail },
    ...runs.map((run) => ({ highest: run.last, open: () => inRun(db, run, ranges, span) })),
    ...formerRuns(db, span).map(({ run, last }) => ({
      highest: last,
      open: () => numbers(inFormerRun(db, run, ranges, span)),
    })),
  ];
}

function tailOf(db: DatabaseSync, { from, before }: Span, inTail: InTail): number[] {
  const found: number[] = [];
  const { folded } = indexState(db);
  for (const row of prepare(db, 'SELECT terms FROM index_tail WHERE id > ?').iterate(folded)) {
    for (const seq of inTail(decodePairs(row.terms as Uint8Array))) {
      if (seq >= from && seq < before) found.push(seq);
    }
  }
  return found.sort((a, b) => b - a);
}

function* numbers(found: readonly number[]): Found {
  yield* found;
}

interface Head {
  readonly rest: Found;
  seq: number;
}

/** Opens a source only when nothing that is open has a higher number than it may have. */
function* newestFirst(given: readonly Source[]): Found {
  const closed = given.toSorted((a, b) => a.highest - b.highest);
  const heads: Head[] = [];
  for (;;) {
    let best: Head | undefined;
    for (const head of heads) if (!best || head.seq > best.seq) best = head;
    const next = closed.at(-1);
    if (next && (!best || next.highest > best.seq)) {
      closed.pop();
      yield null;
      const rest = next.open();
      const seq = yield* nextOf(rest);
      if (seq !== null) heads.push({ rest, seq });
      continue;
    }
    if (!best) return;
    yield best.seq;
    const seq = yield* nextOf(best.rest);
    if (seq === null) heads.splice(heads.indexOf(best), 1);
    else best.seq = seq;
  }
}

/** The next number; `null` at the end. */
function* nextOf(found: Found): Generator<null, number | null, void> {
  for (;;) {
    const { done, value } = found.next();
    if (done) return null;
    if (value !== null) return value;
    yield null;
  }
}
