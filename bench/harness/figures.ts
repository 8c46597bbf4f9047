import { cpus, totalmem } from 'node:os';
import { version } from '../../src/core/version.ts';

/** The machine and the versions, as every benchmark prints them first. */
export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}, Hookwire ${version}`;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which a share of the values lies; NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** `12,345` */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Median and spread: `12,345 (11,900 … 12,800)`. */
export function spread(values: readonly number[], write: (value: number) => string = count): string {
  const all = values.length > 1 ? ` (${write(Math.min(...values))} … ${write(Math.max(...values))})` : '';
  return write(median(values)) + all;
}
