import { sequenceAt } from '../../../core/ids.ts';
import type { Asking } from '../questions/questions.ts';
import { oldestNumber } from './oldest.ts';
import type { Plan } from './plan.ts';
import type { DeliveryRow, Span } from './rows.ts';
import { examine } from './sources.ts';
import { dayOfNumbers, longestSpan } from './spans.ts';
import { createStatement } from './statement.ts';

/** A stretch of a list. */
export interface Batch {
  /** Newest first. */
  readonly rows: readonly DeliveryRow[];
  /** Rows that were read to find them. */
  readonly examined: number;
  /** All that matches down to this number has been given. */
  readonly reached: number;
}

/** What is walked through. */
export interface Walk {
  /** Asked for once, when the walk begins. */
  plan(): Promise<Plan>;
  readonly span: Span;
  readonly now: number;
  /** How many rows are wanted. */
  readonly wanted: number;
}

/** Rows of one batch: each brings 16 KB of its event with it at most. */
export const mostTogether = 100;
/** Rows that one statement reads at most of each range of an index, some 2 µs each. */
const mostExamined = 5_000;

interface Examined {
  readonly low: number | null;
  readonly examined: number;
}

/**
 * Rows that match, newest first, by the order of the indexes: a day, then the two before it, the four before these … A
 * statement names its span, so that it touches the partitions of that alone; it reads a bounded number of rows, and more
 * where few of them match.
 */
export async function* walk(asking: Asking, { plan, span, now, wanted }: Walk): AsyncGenerator<Batch> {
  const { sources: sourcesNow, conditions } = await plan();
  let sources = await sourcesNow();
  let { before } = span;
  const limit = Math.min(wanted, mostTogether);
  let size = dayOfNumbers;
  let lowest = span.from;
  // What waits is in one table whatever its age.
  const isPartitioned = sources.some(({ table }) => table === 'deliveries');
  let from = isPartitioned ? Math.max(lowest, Math.min(before, sequenceAt(now)) - size) : lowest;
  let most = limit;
  let isFirst = true;
  while (before > from && sources.length > 0) {
    const { rows, low, examined } = await look({ from, before });
    const last = rows.length === limit ? rows.at(-1)?.seq : undefined;
    const reached = last ?? Math.max(low ?? from, from);
    yield { rows, examined, reached };
    if (last === undefined && low !== null) most = Math.min(mostExamined, most * 4);
    before = reached;
    if (reached > from) continue;
    if (isFirst && from > lowest) lowest = Math.max(lowest, await oldestNumber(asking));
    isFirst = false;
    size = Math.min(longestSpan, size * 2);
    from = Math.max(lowest, from - size);
    if (before <= from) return;
    await asking.goOn();
    sources = await sourcesNow();
  }

  async function look(within: Span) {
    const statement = createStatement();
    const branches = sources.flatMap((source) => examine(source, within, most, statement));
    const ofEach = branches.map((branch, index) => `select ${index} as source, e.* from (${branch}) as e`);
    const where = ['r.seq >= coalesce(reached.low, 0)', ...conditions(statement)].join(' and ');
    const found = await asking.read<Examined & (DeliveryRow | { readonly seq: null })>(
      `with examined as materialized (${ofEach.join(' union all ')}),
       reached as (
         select max(low) as low, coalesce(sum(n), 0) as examined from (
           select case when count(*) >= max(most) then min(seq) end as low, count(*) as n
           from examined group by source, share
         ) as shares
       )
       select reached.low, reached.examined, r.* from reached left join lateral
         (select * from examined as r where ${where} order by r.seq desc limit ${limit}) as r on true
       order by r.seq desc`,
      statement.values,
    );
    const [first] = found;
    const rows = found.filter((row): row is Examined & DeliveryRow => row.seq !== null);
    return { rows, low: first?.low ?? null, examined: first?.examined ?? 0 };
  }
}
