const zone = ' ?(?:[Zz]|UTC|GMT|[+\u2212-]([01]\\d|2[0-3])(?::?([0-5]\\d))?)';

/**
 * The forms in which instants are read, as JSON Schema has patterns: RFC 3339 and what programs write beside it. `strftime`
 * and PHP write `+0530`, PostgreSQL `+05` and a space for the `T`, Ruby ` +0530` and ` UTC`, Java and .NET a comma, Go and Java
 * any number of decimals.
 */
export const instantPattern = `^(19[7-9]\\d|[2-9]\\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])[Tt ]([01]\\d|2[0-4]):([0-5]\\d)(?::([0-5]\\d|60)(?:[.,](\\d+))?)?${zone}$`;
/** Of a text that may be an instant, in characters. */
export const longestInstant = 64;

const anyForm = new RegExp(instantPattern);

/**
 * Reads an ISO 8601 instant with its zone (`2026-11-22T10:15:30.000Z`, `2026-11-22T15:45:30+0530`) as ms since the Unix
 * epoch; what is finer than a ms is cut. `null` for anything else: a time without a zone means something different to each
 * reader (TELECOM: vendors write local times without saying whose), and a day such as 30 February is not rolled over.
 */
export function parseInstant(text: string): number | null {
  return parseUsual(text) ?? parseAny(text);
}

/** What keeps a text from being an instant, to go on after its name: "has no time zone: …". */
export function instantProblem(text: unknown): string {
  return `${whatIsWrong(text)}: write an ISO 8601 time with its zone, as in 2026-11-22T10:15:30.000Z.`;
}

function whatIsWrong(text: unknown): string {
  if (typeof text === 'number') return 'is a number, which does not say its unit';
  if (typeof text !== 'string') return 'is no instant';
  if (text.length > longestInstant)
    return `has ${text.length} characters, and an instant ${longestInstant} at most`;
  if (parseInstant(`${text}Z`) !== null) return 'has no time zone (Z for UTC, or an offset such as +05:30)';
  if (parseInstant(text.replace(/ (?=\d\d(?::?\d\d)?$)/, '+')) !== null)
    return 'has a space where its offset has its sign (in a URL "+" is written %2B)';
  if (parseInstant(`${text}T00:00Z`) !== null) return 'has neither a time of day nor a time zone';
  if (anyForm.test(text)) return 'is a day or time that there is not';
  return 'is no instant';
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
  const parts = text.length <= longestInstant ? anyForm.exec(text) : null;
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const [second, decimals, offsetHours, offsetMinutes] = [
    parts[6] ?? '0',
    parts[7] ?? '',
    parts[8] ?? '0',
    parts[9],
  ];
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  const ms = Number(decimals.slice(0, 3).padEnd(3, '0'));
  // ISO's midnight at the end of a day.
  if (hour === 24 && (minute > 0 || Number(second) > 0 || ms > 0)) return null;
  const isBehind = parts[0].lastIndexOf('-') > dateEnd || parts[0].includes('\u2212');
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes ?? 0)) * (isBehind ? -1 : 1);
  // A leap second, or a second that was rounded up, is the first one of the next minute.
  const at = Date.UTC(year, month - 1, day, hour, minute - offset, Number(second), ms);
  return at < 0 || at > latest ? null : at;
}

/** A leap second, an offset or midnight can lead behind it, where a year has five digits. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Where the hyphens of a date end. */
const dateEnd = 7;
