import type { StatsFigures, StatsSummary } from '../../history/stats/summarise.ts';
import type { StatsBucket } from '../../stores/ports/stats.ts';
import { formatInstant } from '../instants.ts';

function figuresView({ from, to, ...figures }: StatsFigures) {
  return { from: formatInstant(from), to: formatInstant(to), ...figures };
}

/** A webhook's figures by bucket and in all. */
export function statsView(bucket: StatsBucket, { data, total }: StatsSummary) {
  return { bucket, data: data.map(figuresView), total: figuresView(total) };
}
