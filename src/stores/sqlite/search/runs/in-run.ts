import type { DatabaseSync } from 'node:sqlite';
import type { TermRange } from '../../../search/number-terms.ts';
import type { Found, Span } from '../found.ts';
import { placeIn } from './chunk.ts';
import { chunkAt, chunkFor, type Run } from './tables.ts';

/** Numbers of a range that are in memory at once. */
const mostTogether = 5_000;

/** The numbers of these terms in a run, newest first. */
export function* inRun(db: DatabaseSync, run: Run, ranges: readonly TermRange[], span: Span): Found {
  const exact = ranges.filter(({ from, before }) => before === from + 1);
  const wide = ranges.filter(({ from, before }) => before > from + 1);
  const streams = exact.map(({ from }) => ofTerm(db, run, from, span));
  if (wide.length > 0) streams.push(ofRanges(db, run, wide, span));
  if (streams.length === 1 && streams[0]) return yield* streams[0];
  yield* merged(streams);
}

/** Of one term they lie in order, and are read from the end. */
function* ofTerm(db: DatabaseSync, run: Run, term: number, { from, before }: Span): Found {
  let number = chunkFor(db, run.run, term, before - 1);
  for (let isFirst = true; number >= 0; number--, isFirst = false) {
    if (!isFirst) yield null;
    const chunk = chunkAt(db, run.run, number);
    for (let at = placeIn(chunk, term, before) - 1; at >= 0; at--) {
      const seq = chunk.seqs[at] ?? 0;
      if (chunk.terms[at] !== term || seq < from) return;
      yield seq;
    }
  }
}

/** Of many terms the newest few thousand are picked out, and then those before them. */
function* ofRanges(db: DatabaseSync, run: Run, ranges: readonly TermRange[], { from, before }: Span): Found {
  for (let bound = before; ; ) {
    let found: number[] = [];
    let left = false;
    for (const range of ranges) {
      const last = chunkFor(db, run.run, range.before - 1, Number.MAX_SAFE_INTEGER);
      const first = Math.max(0, chunkFor(db, run.run, range.from, -1));
      for (let number = first; number <= last; number++) {
        if (number > first) yield null;
        const chunk = chunkAt(db, run.run, number);
        const end = placeIn(chunk, range.before, 0);
        for (let at = placeIn(chunk, range.from, 0); at < end; at++) {
          const seq = chunk.seqs[at] ?? 0;
          if (seq >= from && seq < bound) found.push(seq);
        }
        if (found.length < 2 * mostTogether) continue;
        found = found.sort((a, b) => b - a).slice(0, mostTogether);
        left = true;
      }
    }
    found.sort((a, b) => b - a);
    // Behind those there are gaps.
    if (left) found = found.slice(0, mostTogether);
    yield* found;
    if (!left) return;
    bound = found.at(-1) ?? from;
  }
}

function* merged(streams: readonly Found[]): Found {
  const heads: { readonly rest: Found; seq: number }[] = [];
  for (const rest of streams) {
    const seq = yield* nextOf(rest);
    if (seq !== null) heads.push({ rest, seq });
  }
  while (heads.length > 0) {
    const best = heads.reduce((a, b) => (b.seq > a.seq ? b : a));
    yield best.seq;
    const seq = yield* nextOf(best.rest);
    if (seq === null) heads.splice(heads.indexOf(best), 1);
    else best.seq = seq;
  }
}

function* nextOf(found: Found): Generator<null, number | null, void> {
  for (;;) {
    const { done, value } = found.next();
    if (done) return null;
    if (value !== null) return value;
    yield null;
  }
}
