import {
  bucketMs,
  type StatsBucket,
  type StatsRange,
  type TotalsBucket,
} from '../../../stores/ports/stats.ts';
import type { LearntPace } from '../../../watching/learnt-paces.ts';
import type { StatsFigures, StatsSummary } from '../../../watching/stats/summarise.ts';
import type { TotalsSummary } from '../../../watching/stats/totals.ts';
import { formatInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { accountStats, stats, stretch } from './schema.ts';

function figuresView({ from, to, ...figures }: StatsFigures): ViewOf<typeof stretch> {
  return { from: formatInstant(from), to: formatInstant(to), ...figures };
}

/** A webhook's figures by bucket and in all. */
export function statsView(
  bucket: StatsBucket,
  { data, total }: StatsSummary,
  learnt: LearntPace | null,
): ViewOf<typeof stats> {
  return {
    bucket,
    data: data.map(figuresView),
    total: figuresView(total),
    learntRate: learnt && { perSecond: rounded(learnt.perSecond), at: formatInstant(learnt.at) },
  };
}

/** To two digits, downwards: a rate that is promised too high is refused again. */
function rounded(perSecond: number): number {
  const digits = 10 ** (Math.floor(Math.log10(perSecond)) - 1);
  return Number((Math.floor(perSecond / digits + 1e-9) * digits).toPrecision(2));
}

/** The counts of many webhooks, for a table. */
export function totalsView(
  { from, to, bucket }: StatsRange<TotalsBucket>,
  webhooks: readonly TotalsSummary[],
): ViewOf<typeof accountStats> {
  // A thousand webhooks name the same 24 instants.
  const written = new Map<number, string>();
  const write = (at: number): string => {
    const text = written.get(at) ?? formatInstant(at);
    written.set(at, text);
    return text;
  };
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    bucketMs: bucketMs[bucket],
    data: webhooks.map(({ buckets, ...webhook }) => ({
      ...webhook,
      buckets: buckets.map(({ at, delivered, failed }) => ({ at: write(at), delivered, failed })),
    })),
  };
}
