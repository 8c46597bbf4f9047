import type { ClientBase } from 'pg';
import type { ErasureCounts } from '../../ports/erasures.ts';

/** Adds to what a task has erased; inside the transaction that erases it, so that a crash counts nothing twice. */
export async function count(client: ClientBase, erasure: string, more: ErasureCounts): Promise<void> {
  const some = Object.entries(more).filter(([, number]) => number > 0);
  if (some.length === 0) return;
  await client.query(
    `insert into erasure_counts as c (erasure, kind, count)
     select $1, kind, count from unnest($2::text[], $3::bigint[]) as more (kind, count)
     on conflict (erasure, kind) do update set count = c.count + excluded.count`,
    [erasure, some.map(([kind]) => kind), some.map(([, number]) => number)],
  );
}
