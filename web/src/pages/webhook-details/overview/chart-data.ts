import type { StatsFigures } from '../../../api/webhooks.ts';
import { type ChartSeries, chartColours } from '../../../ui/charts/series.ts';

export interface ChartData {
  readonly times: readonly number[];
  readonly outcome: readonly ChartSeries[];
  readonly volume: readonly ChartSeries[];
  /** From acceptance to delivered. */
  readonly latency: readonly ChartSeries[];
  /** How long an attempt took. */
  readonly duration: readonly ChartSeries[];
}

/** The gateway's figures as the charts draw them. */
export function chartsOf(data: readonly StatsFigures[]): ChartData {
  return {
    times: data.map(({ from }) => Date.parse(from)),
    outcome: [
      { label: 'Delivered', values: data.map((one) => one.delivered), colour: chartColours.delivered },
      { label: 'Failed for good', values: data.map((one) => one.failed), colour: chartColours.failed },
    ],
    volume: [{ label: 'Attempts', values: data.map((one) => one.attempts), colour: chartColours.volume }],
    latency: percentiles(data, 'latencyMs'),
    duration: percentiles(data, 'durationMs'),
  };
}

function percentiles(data: readonly StatsFigures[], of: 'latencyMs' | 'durationMs'): ChartSeries[] {
  return [
    { label: 'Half within', values: data.map((one) => one[of].p50), colour: chartColours.typical },
    { label: '95 % within', values: data.map((one) => one[of].p95), colour: chartColours.slow },
    { label: '99 % within', values: data.map((one) => one[of].p99), colour: chartColours.slowest },
  ];
}

/** Failed attempts by class, most first, each with its share of all that failed (0 to 1). */
export function causesOf(
  errors: StatsFigures['errors'],
): readonly { readonly id: string; readonly count: number; readonly share: number }[] {
  const found = Object.entries(errors).filter((entry): entry is [string, number] => (entry[1] ?? 0) > 0);
  const all = found.reduce((sum, [, count]) => sum + count, 0);
  return found
    .map(([id, count]) => ({ id, count, share: count / all }))
    .sort((a, b) => b.count - a.count || a.id.localeCompare(b.id));
}
