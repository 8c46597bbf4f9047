import { type Run, runKinds } from '../runs/tables.ts';
import { sliceOf } from '../slices.ts';

/** How long runs may become, and how many become one. */
export interface MergeRules {
  /** Of runs of identities: each is asked for each new event where no generation answers for it. */
  readonly fanIn: number;
  /** Of runs of search terms, which are asked when somebody searches: the more at once, the fewer times a pair is written. */
  readonly searchFanIn: number;
  /** Pairs of a run that is merged no more. */
  readonly mostPairs: number;
}

/**
 * The runs of one kind to merge next: as many of a level and a week as become one of the next level or fill one, or, of a week
 * that is over, what is left of it. `null`: there is nothing to merge.
 *
 * Own ids are kept for as long as events are, and each is looked for in all runs: at 100 million events in 14 of them, in 52 after a
 * year. So their weeks that are over become one run too, as many as there is room for, and go some weeks later than they could.
 *
 * @param runs those in use
 * @param newest the week in which numbers are given now
 */
export function chooseMerge(runs: readonly Run[], newest: number, rules: MergeRules): readonly Run[] | null {
  for (const ofSlice of Map.groupBy(runs, ({ kind, last }) => `${kind} ${sliceOf(last)}`).values()) {
    const isOver = sliceOf(ofSlice[0]?.last ?? 0) < newest;
    const inOrder = ofSlice.toSorted((a, b) => a.last - b.last);
    if (isOver) {
      const chosen = together(inOrder, rules, Number.MAX_SAFE_INTEGER);
      if (chosen.length > 1) return chosen;
      continue;
    }
    for (const ofLevel of Map.groupBy(inOrder, ({ level }) => level).values()) {
      const fanIn = ofLevel[0]?.kind === runKinds.search ? rules.searchFanIn : rules.fanIn;
      const chosen = together(ofLevel, rules, fanIn);
      if (isEnough(chosen, fanIn, rules)) return chosen;
    }
  }
  return weeksOfOwnIds(runs, newest, rules);
}

/** Each of these weeks is one run by now, or has no room for more. */
function weeksOfOwnIds(runs: readonly Run[], newest: number, rules: MergeRules): readonly Run[] | null {
  const over = runs
    .filter(({ kind, last }) => kind === runKinds.ownId && sliceOf(last) < newest)
    .toSorted((a, b) => a.last - b.last);
  for (const ofLevel of Map.groupBy(over, ({ level }) => level).values()) {
    const chosen = together(ofLevel, rules, rules.fanIn);
    if (isEnough(chosen, rules.fanIn, rules)) return chosen;
  }
  return null;
}

/** They are as many as become one, or fill one. */
function isEnough(chosen: readonly Run[], fanIn: number, rules: MergeRules): boolean {
  return chosen.length > 1 && (chosen.length === fanIn || !hasRoom(chosen, rules));
}

/** For one more that is as long as they are. */
function hasRoom(chosen: readonly Run[], { mostPairs }: MergeRules): boolean {
  const pairs = chosen.reduce((sum, run) => sum + run.pairs, 0);
  return pairs + pairs / chosen.length <= mostPairs;
}

/** Neighbours that are not too long together, from the first that has one. */
function together(runs: readonly Run[], { mostPairs }: MergeRules, most: number): readonly Run[] {
  let chosen: Run[] = [];
  let pairs = 0;
  for (const run of runs) {
    if (pairs + run.pairs > mostPairs) {
      if (chosen.length > 1) return chosen;
      chosen = [];
      pairs = 0;
    }
    if (run.pairs > mostPairs / 2) continue;
    chosen.push(run);
    pairs += run.pairs;
    if (chosen.length === most) return chosen;
  }
  return chosen;
}
