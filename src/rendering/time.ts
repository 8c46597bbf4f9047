import type { TimeFormat } from '../core/webhook.ts';
import { type Zone, zoneOf } from './time-zone.ts';

/**
 * Writes an instant (ms since the Unix epoch, `null` for one that is not known) as a webhook asks.
 * A number that no calendar reaches is written as not known.
 */
export type TimeFormatter = (atMs: number | null) => string | number | null;

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** What a JavaScript date can hold, less two days for offsets. */
const furthestMs = 8.64e15 - 2 * dayMs;

/**
 * | format | example |
 * |---|---|
 * | `iso`, in UTC | `2026-11-22T10:15:30.000Z` |
 * | `iso`, elsewhere | `2026-11-22T15:45:30.000+05:30` |
 * | `epochSeconds` | `1795342530` (a number, rounded down) |
 * | `epochMilliseconds` | `1795342530000` (a number) |
 * | `YYYY-MM-DD HH:mm:ss` | `2026-11-22 15:45:30` |
 *
 * @throws RangeError for a zone that this runtime does not know
 */
export function createTimeFormatter(format: TimeFormat, timeZone: string): TimeFormatter {
  const write = createWriter(format, zoneOf(timeZone));
  return (atMs) => (atMs !== null && Math.abs(atMs) <= furthestMs ? write(Math.floor(atMs)) : null);
}

function createWriter(format: TimeFormat, zone: Zone): (atMs: number) => string | number {
  switch (format) {
    case 'epochMilliseconds':
      return (atMs) => atMs;
    case 'epochSeconds':
      return (atMs) => Math.floor(atMs / 1000);
    case 'iso':
      return zone.isUtc ? (atMs) => `${isoText(atMs)}Z` : createZonedIsoWriter(zone);
    case 'YYYY-MM-DD HH:mm:ss':
      return (atMs) => wallClock(atMs + zone.offset(atMs), ' ');
  }
}

/** ISO offsets have no seconds: old local times with seconds are moved to the next minute, the instant stays right. */
function createZonedIsoWriter({ offset }: Zone): (atMs: number) => string {
  return (atMs) => {
    const minutes = Math.round(offset(atMs) / minuteMs);
    return isoText(atMs + minutes * minuteMs) + offsetText(minutes);
  };
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function isoText(localMs: number): string {
  const ms = localMs - Math.floor(localMs / 1000) * 1000;
  return `${wallClock(localMs, 'T')}.${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}`;
}

/** `Date.prototype.toISOString` takes 1.5 µs; with the day's text kept it is a tenth. */
let lastDay = Number.NaN;
let lastDate = '';

function wallClock(localMs: number, between: string): string {
  const day = Math.floor(localMs / dayMs);
  if (day !== lastDay) {
    lastDate = new Date(day * dayMs).toISOString().slice(0, -14);
    lastDay = day;
  }
  const seconds = Math.floor((localMs - day * dayMs) / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${lastDate}${between}${twoDigits(hours)}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
