import { describe, expect, it } from 'vitest';
import { sequenceAt } from '../../../../core/ids.ts';
import { type Run, type RunKind, runKinds } from '../runs/tables.ts';
import { sliceOf } from '../slices.ts';
import { chooseMerge } from './choose-merge.ts';

const rules = { fanIn: 8, searchFanIn: 20, mostPairs: 24_000_000 };
const weekMs = 7 * 24 * 60 * 60 * 1000;
const began = Date.UTC(2026, 0, 1);
const inWeek = (week: number): number => sequenceAt(began + week * weekMs);

let number = 0;
function run(kind: RunKind, week: number, parts: Partial<Run> = {}): Run {
  number++;
  const last = inWeek(week) + number;
  return {
    ...{ run: number, kind, level: 3, first: last - 1, last, pairs: 1_000_000, chunks: 10, blocks: 0 },
    ...{ abreast: 10, state: 1, target: null },
    ...parts,
  } as Run;
}

const newest = sliceOf(inWeek(20));
const weeksOf = (runs: readonly Run[] | null): number[] | undefined =>
  runs?.map(({ last }) => sliceOf(last) - sliceOf(inWeek(0)));

describe('the runs to merge next', () => {
  it('are as many of a level as become one of the next, within the week in which numbers are given', () => {
    const reports = Array.from({ length: 8 }, () => run(runKinds.report, 20, { level: 0, pairs: 10_000 }));
    expect(chooseMerge(reports.slice(1), newest, rules)).toBeNull();
    expect(chooseMerge(reports, newest, rules)).toHaveLength(8);
  });

  it('are more of search terms, which are written the fewer times and asked when somebody searches', () => {
    const searched = Array.from({ length: 20 }, () => run(runKinds.search, 20, { level: 0, pairs: 60_000 }));
    expect(chooseMerge(searched.slice(1), newest, rules)).toBeNull();
    expect(chooseMerge(searched, newest, rules)).toHaveLength(20);
  });

  it('are fewer where they fill one', () => {
    const long = Array.from({ length: 17 }, () => run(runKinds.search, 20, { pairs: 1_340_000 }));
    expect(chooseMerge(long.slice(1), newest, rules)).toBeNull();
    expect(chooseMerge(long, newest, rules)).toHaveLength(17);
  });

  it('are all that are left of a week that is over', () => {
    const left = [run(runKinds.search, 3, { level: 2 }), run(runKinds.search, 3, { level: 0, pairs: 10 })];
    expect(weeksOf(chooseMerge(left, newest, rules))).toEqual([3, 3]);
  });

  it('are not of several weeks, but for own ids', () => {
    const weeks = Array.from({ length: 12 }, (_, week) => week);
    const searched = weeks.map((week) => run(runKinds.search, week));
    expect(chooseMerge(searched, newest, rules)).toBeNull();
    const ownIds = weeks.map((week) => run(runKinds.ownId, week));
    expect(weeksOf(chooseMerge([...searched, ...ownIds], newest, rules))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('are of own ids as many weeks as have room in one run', () => {
    const ownIds = Array.from({ length: 7 }, (_, week) => run(runKinds.ownId, week, { pairs: 3_500_000 }));
    expect(weeksOf(chooseMerge(ownIds.slice(0, 5), newest, rules))).toBeUndefined();
    expect(weeksOf(chooseMerge(ownIds, newest, rules))).toEqual([0, 1, 2, 3, 4, 5]);
    const long = Array.from({ length: 7 }, (_, week) => run(runKinds.ownId, week, { pairs: 13_000_000 }));
    expect(chooseMerge(long, newest, rules)).toBeNull();
  });

  it('are own ids of weeks that are over only', () => {
    const ownIds = Array.from({ length: 8 }, (_, i) => run(runKinds.ownId, 13 + i, { level: 2 }));
    expect(chooseMerge(ownIds, newest, rules)).toBeNull();
  });
});
