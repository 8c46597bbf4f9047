import { type InputError, invalidInput } from '../../core/errors.ts';
import { bucketMs, type StatsBucket, type StatsHorizon, type StatsRange } from '../../stores/ports/stats.ts';

const hour = bucketMs.hour;
const day = bucketMs.day;

/** How long each kind of bucket is kept, ms: then minutes become hours, hours become days, and days are deleted. */
export const keptMs: Readonly<Record<StatsBucket, number>> = {
  minute: 48 * hour,
  hour: 35 * day,
  day: 400 * day,
};

/** Buckets of one answer at most: a day by the minute and all that is kept by the hour or day fit. */
export const mostBuckets = 1_500;

/** What is shown when nobody says from when: an hour by the minute, a day by the hour, a month by the day. */
const shownMs: Readonly<Record<StatsBucket, number>> = { minute: hour, hour: day, day: 30 * day };

/** Where the store may tidy up: everything that ended before these instants. */
export function horizonAt(now: number): StatsHorizon {
  return {
    minute: floor(now - keptMs.minute, hour),
    hour: floor(now - keptMs.hour, day),
    day: floor(now - keptMs.day, day),
  };
}

/**
 * Completes a range with defaults and widens it to whole buckets.
 * @throws HookwireError `invalid_input` for a range that is empty, too long, or older than what is kept
 */
export function resolveRange(
  asked: { readonly from?: number; readonly to?: number; readonly bucket?: StatsBucket },
  now: number,
): StatsRange {
  const bucket = asked.bucket ?? 'hour';
  const size = bucketMs[bucket];
  const to = ceil(asked.to ?? now, size);
  const from = floor(asked.from ?? to - shownMs[bucket], size);
  const problem = problemOf(asked, { from, to, bucket }, now);
  if (problem) throw invalidInput([problem]);
  return { from, to, bucket };
}

function problemOf(
  asked: { readonly from?: number; readonly to?: number },
  { from, to, bucket }: StatsRange,
  now: number,
): InputError | null {
  const size = bucketMs[bucket];
  if (asked.from !== undefined && asked.from >= (asked.to ?? to)) {
    return { path: 'query.from', message: `must be before ${asked.to === undefined ? 'now' : 'to'}.` };
  }
  const count = (to - from) / size;
  if (count > mostBuckets) {
    const message = `and to are ${count} ${bucket}s apart; at most ${mostBuckets} are given at once. Shorten the range${bucket === 'day' ? '' : ' or take a larger bucket'}.`;
    return { path: 'query.from', message };
  }
  const oldest = floor(now - keptMs[bucket], size);
  if (bucket !== 'day' && from < oldest) {
    const larger = bucket === 'minute' ? 'hour' : 'day';
    const message = `is ${new Date(from).toISOString()}, but figures by the ${bucket} go back to ${new Date(oldest).toISOString()} only. Ask with bucket=${larger}.`;
    return { path: 'query.from', message };
  }
  return null;
}

function floor(at: number, size: number): number {
  return Math.floor(at / size) * size;
}

function ceil(at: number, size: number): number {
  return Math.ceil(at / size) * size;
}
