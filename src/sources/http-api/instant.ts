const isoInstant = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Reads an ISO 8601 instant with its zone (`2026-11-22T10:15:30.000Z`, `2026-11-22T15:45:30+05:30`) as ms since the Unix
 * epoch. `null` for anything else: a time without a zone means something different to each reader (TELECOM: vendors
 * write local times without saying whose), and a day such as 30 February is not rolled over.
 */
export function parseInstant(text: string): number | null {
  return parseUsual(text) ?? parseAny(text);
}

/**
 * The form in which programs write instants, `2026-11-22T10:15:30.000Z`, without a regular expression: every event has
 * two or three of them, and this takes a ninth of the time. `null` for every other form and for odd values.
 */
function parseUsual(text: string): number | null {
  if (text.length !== 24 || text.charCodeAt(23) !== 90 || text.charCodeAt(10) !== 84) return null;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(19) !== 46) return null;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return null;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const ms = digits(text, 20, 23);
  const isUsual = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!isUsual || !(hour <= 23 && minute <= 59 && second <= 59 && ms >= 0)) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** NaN where there is anything but digits. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function parseAny(text: string): number | null {
  const parts = isoInstant.exec(text);
  if (!parts) return null;
  const day = Number(parts[3]);
  if (day > new Date(Date.UTC(Number(parts[1]), Number(parts[2]), 0)).getUTCDate()) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) || instant < 0 ? null : instant;
}
