const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** 1,536,000 → "1.5 MB". */
export function bytesInWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[power]}`;
}

/** "12,345"; what was counted no further is "10,000 or more". */
export function countInWords(count: number, most = Number.POSITIVE_INFINITY): string {
  const words = count.toLocaleString('en');
  return count >= most ? `${words} or more` : words;
}

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A length of time (ms) in its largest unit: "3 hours". */
export function durationInWords(ms: number): string {
  const [unit, length] = steps.find(([, least]) => ms >= least) ?? (['second', 1_000] as const);
  const count = Math.floor(ms / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
