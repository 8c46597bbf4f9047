import type { DatabaseSync } from 'node:sqlite';
import { reportsKeptMs } from '../../../../core/event-identity.ts';
import { sequenceAt, sequenceTime } from '../../../../core/ids.ts';
import { prepare } from '../../reader/work.ts';
import type { WriteTurns } from '../../thread/write-turns.ts';
import { indexState, type Run, runKinds, runStates, runsWhere } from '../runs/tables.ts';
import { sliceOf } from '../slices.ts';
import { beginRun } from './begin-run.ts';
import { chooseMerge, type MergeRules } from './choose-merge.ts';
import { dropRun } from './drop-run.ts';
import { beginFold, type Fold } from './fold.ts';
import {
  chunksToForgetIn,
  endForgotten,
  forgetInChunk,
  forgetInTail,
  nextForgotten,
  runsToForgetIn,
} from './forget.ts';
import { dropFormer, forgetInFormerBucket, formerBucketsToForgetIn } from './former.ts';
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
 * A process that dies leaves runs that were begun: those of a fold are dropped, and a merge goes on behind what it has
 * written. It is the only one that writes these tables; the writer adds to `index_tail`.
 */
export interface IndexKeeper {
  /** Does one piece; whether there was one to do. */
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
  ...{ foldAt: 80_000, fanIn: 8, mostPairs: 24_000_000, chunksAPiece: 8 },
};

export function createIndexKeeper(
  db: DatabaseSync,
  turns: WriteTurns,
  options: KeeperOptions = keeperDefaults,
): IndexKeeper {
  const tail = createTail(db, options.foldAt);
  let fold: Fold | null = null;
  let merge: Merge | null = null;
  let foldsNext = true;
  let forgetsNext = false;
  /** Nothing is left to merge or to drop, as long as no run comes into use. */
  let isSettled = false;

  transaction(endUnfinishedFold);

  /** It is done anew. What is being merged has sources that say so. */
  function endUnfinishedFold(): void {
    prepare(
      db,
      `UPDATE index_runs SET state = ${runStates.over} WHERE state = ${runStates.begun}
       AND run NOT IN (SELECT target FROM index_runs WHERE target IS NOT NULL)`,
    ).run();
  }

  function transaction<T>(write: () => T): T {
    return turns.run(() => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = write();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        // What is in memory may be ahead of the disk.
        fold = null;
        merge = null;
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

  /** Takes out what was erased; whether there was something. Others get between the transactions. */
  function stepForget(): boolean {
    const forgotten = nextForgotten(db);
    if (!forgotten) return false;
    // What is in memory has it still.
    merge = null;
    tail.again();
    transaction(() => forgetInTail(db, forgotten));
    for (const run of runsToForgetIn(db, forgotten)) {
      for (const chunk of chunksToForgetIn(db, run, forgotten)) {
        transaction(() => forgetInChunk(db, run, chunk, forgotten));
      }
    }
    for (const bucket of formerBucketsToForgetIn(db, forgotten)) {
      transaction(() => forgetInFormerBucket(db, bucket, forgotten));
    }
    transaction(() => endForgotten(db, forgotten));
    isSettled = false;
    return true;
  }

  return {
    step() {
      forgetsNext = !forgetsNext;
      // A fold has in memory what it read, and is not long.
      if (forgetsNext && !fold && stepForget()) return true;
      foldsNext = !foldsNext;
      if (foldsNext && stepFold()) return true;
      if (!isSettled) {
        if (stepDrop() || stepMerge()) return true;
        isSettled = true;
      }
      return (!foldsNext && stepFold()) || (!fold && stepForget());
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
