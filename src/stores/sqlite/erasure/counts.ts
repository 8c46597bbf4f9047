import type { DatabaseSync } from 'node:sqlite';
import type { ErasureCounts } from '../../ports/erasures.ts';
import { prepare } from '../reader/work.ts';

/** Adds to what a task has erased; inside the transaction that erases it, so that a crash counts nothing twice. */
export function count(db: DatabaseSync, erasure: string, more: ErasureCounts): void {
  const add = prepare(
    db,
    `insert into erasure_counts values (?, ?, ?)
     on conflict do update set count = count + excluded.count`,
  );
  for (const [kind, number] of Object.entries(more)) if (number > 0) add.run(erasure, kind, number);
}
