/** Time ranges that end now. */
export const presets = [
  { id: 'hour', label: 'Last hour', ms: 3_600_000 },
  { id: 'day', label: 'Last 24 hours', ms: 86_400_000 },
  { id: 'week', label: 'Last 7 days', ms: 7 * 86_400_000 },
] as const;

export interface TimeRange {
  /** ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** An instant, briefly, in the reader's own time. */
export function shortInstant(iso: string): string {
  return short.format(new Date(iso));
}

/** "Since 22 Nov 2026, 15:40". */
export function rangeWords({ from, to }: TimeRange): string {
  if (from === undefined && to === undefined) return 'Any time';
  if (to === undefined) return `Since ${shortInstant(from ?? '')}`;
  if (from === undefined) return `Until ${shortInstant(to)}`;
  return `${shortInstant(from)} – ${shortInstant(to)}`;
}
