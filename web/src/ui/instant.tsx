import { Tooltip } from '@mantine/core';

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** An instant in the reader's own time, with the exact UTC one behind it. */
export function Instant({ at }: { readonly at: string }) {
  return (
    <Tooltip label={at} openDelay={300}>
      <time dateTime={at}>{local.format(new Date(at))}</time>
    </Tooltip>
  );
}

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "3 minutes ago", "in 2 hours"; `now` and `at` in ms. */
export function timeAgo(at: number, now: number): string {
  const away = at - now;
  const [unit, ms] = steps.find(([, length]) => Math.abs(away) >= length) ?? (['second', 1_000] as const);
  return relative.format(Math.round(away / ms), unit);
}
