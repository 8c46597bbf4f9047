import type { DatabaseSync } from 'node:sqlite';
import { reportsKeptMs } from '../../../../core/event-identity.ts';
import { sequenceAt, sequenceTime } from '../../../../core/ids.ts';
import { prepare } from '../../reader/work.ts';
import type { WriteTurns } from '../../thread/write-turns.ts';
import { indexState, type Run, runKinds, runStates, runsWhere } from '../runs/tables.ts';
import { sliceOf } from '../slices.ts';
import { nextForgotten } from './asked-to-forget.ts';
import { beginRun } from './begin-run.ts';
import { chooseMerge, type MergeRules } from './choose-merge.ts';
import { dropRun } from './drop-run.ts';
import { beginFold, type Fold } from './fold.ts';
import { forgetting } from './forgetting.ts';
import { dropFormer } from './former.ts';
import { createMerge, type Merge } from './merge.ts';
import { createTail } from './tail.ts';

/**
 * Keeps the index in order behind the traffic, a small piece at a time. What it reads and sorts, it does outside of
 * transactions; a transaction writes some 100 KB that are ready.
 *
 * ```text
 * index_tail ──▸ fold ──▸ runs of level 0 ──▸ merge ──▸ level 1, 2 … of a week ──▸ dropped whole
 * begun ──▸ in use ──▸ over ──▸ gone, some chunks at a time
 * ```
 * A process that dies, or a disk that refuses, leaves runs that were begun: those of a fold are dropped, and a merge goes on
 * behind what it has written. It is the only one that writes these tables; the writer adds to `index_tail`.
 */
export interface IndexKeeper {
  /** Does one piece; whether there was one to do. @throws what the database throws; the next one goes on from what is on disk */
  step(): boolean;
  /** Every event and delivery up to this number is gone. */
  dropUpTo(seq: number): void;
}

export interface KeeperOptions extends MergeRules {
  /** Pairs in the tail at which a fold begins. */
  readonly foldAt: number;
  /** Chunks that a piece makes and writes. With 24, others' calls beside a fan-out took twice as long (p99); with 8, no longer. */
  readonly chunksAPiece: number;
}

/** About 13,000 events: what is in no run is read for each look-up. The longest runs have 2 to 4 million, 130 MB. */
export const keeperDefaults: KeeperOptions = {
  ...{ foldAt: 80_000, fanIn: 8, searchFanIn: 20, mostPairs: 24_000_000, chunksAPiece: 8 },
};

export function createIndexKeeper(
  db: DatabaseSync,
  turns: WriteTurns,
  options: KeeperOptions = keeperDefaults,
): IndexKeeper {
  const tail = createTail(db, options.foldAt);
  let fold: Fold | null = null;
  let merge: Merge | null = null;
  /** What was erased and is being taken out, and of which erasure the last of it is. */
  let forget: Generator<void, void, void> | null = null;
  let forgotten = 0;
  /** Pieces that runs get before more is taken out: as many as that took the last time. */
  let owed = 0;
  let took = 0;
  let foldsNext = true;
  /** Nothing is left to merge or to drop, as long as no run comes into use. */
  let isSettled = false;
  /** A fold may have begun runs that it will not end. */
  let mayHaveUnfinished = true;

  /** It is done anew. What is being merged has sources that say so. */
  function endUnfinishedFold(): void {
    transaction(() =>
      prepare(
        db,
        `UPDATE index_runs SET state = ${runStates.over} WHERE state = ${runStates.begun}
         AND run NOT IN (SELECT target FROM index_runs WHERE target IS NOT NULL)`,
      ).run(),
    );
    mayHaveUnfinished = false;
    isSettled = false;
  }

  function transaction<T>(write: () => T): T {
    return turns.run(() => {
      try {
        db.exec('BEGIN IMMEDIATE');
        const result = write();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        // What is in memory may be ahead of the disk.
        fold = null;
        merge = null;
        forget = null;
        mayHaveUnfinished = true;
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  function stepFold(): boolean {
    if (!fold) {
      if (clearTail()) return true;
      const part = tail.next();
      if (!part) return false;
      fold = transaction(() => beginFold(db, part));
      return true;
    }
    const current = fold;
    const isAll = current.advance(options.chunksAPiece);
    transaction(() => {
      current.write();
      if (isAll) current.end();
    });
    if (isAll) {
      fold = null;
      isSettled = false;
      tail.again();
    }
    return true;
  }

  /** Rows that are in runs go some at a time. */
  function clearTail(): boolean {
    const { folded } = indexState(db);
    if (!prepare(db, 'SELECT 1 FROM index_tail WHERE id <= ? LIMIT 1').get(folded)) return false;
    transaction(() =>
      prepare(
        db,
        'DELETE FROM index_tail WHERE id IN (SELECT id FROM index_tail WHERE id <= ? ORDER BY id LIMIT 50)',
      ).run(folded),
    );
    return true;
  }

  function stepMerge(): boolean {
    merge ??= resumed() ?? begun();
    if (!merge) return false;
    const { target, writer } = merge;
    const isAll = merge.advance(options.chunksAPiece);
    transaction(() => {
      writer.write();
      if (isAll) endMerge(target);
    });
    if (isAll) merge = null;
    return true;
  }

  function resumed(): Merge | null {
    const [target] = runsWhere(db, `state = ${runStates.begun} AND run IN (SELECT target FROM index_runs)`);
    return target ? createMerge(db, target, runsWhere(db, 'target = ?', target.run)) : null;
  }

  function begun(): Merge | null {
    const runs = runsWhere(db, `state = ${runStates.inUse}`);
    const newest = runs.reduce((slice, { last }) => Math.max(slice, sliceOf(last)), 0);
    const chosen = chooseMerge(runs, newest, options);
    if (!chosen) return null;
    const target = transaction(() => {
      const run = beginRun(db, whole(chosen));
      const lead = prepare(db, 'UPDATE index_runs SET target = ? WHERE run = ?');
      for (const source of chosen) lead.run(run.run, source.run);
      return run;
    });
    return createMerge(db, target, chosen);
  }

  function endMerge({ run }: Run): void {
    prepare(db, `UPDATE index_runs SET state = ${runStates.inUse} WHERE run = ?`).run(run);
    prepare(db, `UPDATE index_runs SET state = ${runStates.over}, target = NULL WHERE target = ?`).run(run);
    prepare(db, 'UPDATE index_state SET version = version + 1').run();
  }

  /** What is too old to be asked for is over; what is over goes. */
  function stepDrop(): boolean {
    const [over] = runsWhere(db, `state = ${runStates.over} LIMIT 1`);
    if (over) {
      transaction(() => dropRun(db, over));
      return true;
    }
    const { dropped } = indexState(db);
    const newest = prepare(db, 'SELECT max(last) AS last FROM index_runs').get()?.last;
    const reports = sequenceAt(sequenceTime(Number(newest ?? 0)) - reportsKeptMs);
    const old = runsWhere(
      db,
      `state = ${runStates.inUse} AND target IS NULL AND (last <= ?1 OR (kind = ${runKinds.report} AND last < ?2))`,
      dropped,
      reports,
    );
    if (old.length === 0) return dropped > 0 && transaction(() => dropFormer(db));
    transaction(() => {
      const end = prepare(db, `UPDATE index_runs SET state = ${runStates.over} WHERE run = ?`);
      for (const { run } of old) end.run(run);
      prepare(db, 'UPDATE index_state SET version = version + 1').run();
    });
    return true;
  }

  /** Takes out some of what was erased; whether there was something. */
  function stepForget(): boolean {
    if (!forget) {
      // A fold has in memory what it read, and is not long.
      const asked = fold ? null : nextForgotten(db, forgotten);
      if (!asked) return false;
      forgotten = asked.erasure;
      took = 0;
      // What is in memory has it still.
      merge = null;
      tail.again();
      forget = forgetting(db, asked, { chunksAPiece: options.chunksAPiece, transaction });
    }
    took++;
    if (!forget.next().done) return true;
    forget = null;
    owed = took;
    isSettled = false;
    return true;
  }

  function stepRuns(): boolean {
    if (forget || isSettled) return false;
    if (stepDrop() || stepMerge()) {
      if (owed > 0) owed--;
      return true;
    }
    isSettled = true;
    return false;
  }

  return {
    step() {
      if (mayHaveUnfinished) endUnfinishedFold();
      foldsNext = !foldsNext;
      if (foldsNext && stepFold()) return true;
      if (owed > 0 && stepRuns()) return true;
      owed = 0;
      return stepForget() || stepRuns() || (!foldsNext && stepFold());
    },
    dropUpTo(seq) {
      if (seq <= indexState(db).dropped) return;
      transaction(() => prepare(db, 'UPDATE index_state SET dropped = max(dropped, ?)').run(seq));
      isSettled = false;
    },
  };
}

function whole(runs: readonly Run[]): Pick<Run, 'kind' | 'level' | 'first' | 'last' | 'pairs'> {
  return {
    kind: runs[0]?.kind ?? runKinds.search,
    level: Math.max(...runs.map(({ level }) => level)) + 1,
    first: Math.min(...runs.map(({ first }) => first)),
    last: Math.max(...runs.map(({ last }) => last)),
    pairs: runs.reduce((sum, { pairs }) => sum + pairs, 0),
  };
}
