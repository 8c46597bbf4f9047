/** The value below which a share of the values lies; NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** `12,345` */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** `0.53` */
export function ratio(value: number): string {
  return value.toFixed(2);
}

/** `4.2 ms` */
export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** Median and spread: `12,345 (11,900 … 12,800)`. */
export function spread(values: readonly number[], write: (value: number) => string = count): string {
  const all = values.length > 1 ? ` (${write(Math.min(...values))} … ${write(Math.max(...values))})` : '';
  return write(median(values)) + all;
}
