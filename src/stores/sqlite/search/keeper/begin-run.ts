import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { blocksFor, blocksInRow } from '../runs/filter.ts';
import { type Run, type RunKind, runKinds, runStates } from '../runs/tables.ts';

/** Begins a run that holds no more than these pairs; call inside a transaction. */
export function beginRun(
  db: DatabaseSync,
  { kind, level, first, last, pairs }: Pick<Run, 'kind' | 'level' | 'first' | 'last' | 'pairs'>,
): Run {
  const next = prepare(
    db,
    'UPDATE index_state SET next_run = next_run + 1 RETURNING next_run - 1 AS run',
  ).get();
  const run = {
    run: Number(next?.run),
    ...{ kind, level, first, last, pairs, chunks: 0, state: runStates.begun, target: null },
    blocks: hasFilter(kind) ? blocksFor(pairs) : 0,
    abreast: blocksInRow,
  };
  prepare(
    db,
    `INSERT INTO index_runs (run, kind, level, first, last, pairs, chunks, blocks, abreast, state, target)
     VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, NULL)`,
  ).run(run.run, kind, level, first, last, pairs, run.blocks, run.abreast, run.state);
  return run;
}

/** Whether it is asked on the hot path, mostly for what is not there. */
function hasFilter(kind: RunKind): boolean {
  return kind !== runKinds.search;
}
