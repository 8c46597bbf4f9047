/**
 * How an answer says where its body ends (RFC 9112 section 6.3). `close`: in a coding that only the connection's end ends;
 * `unsaid`: not at all, which is the same for an answer that may have a body; `unknown`: its length cannot be read.
 */
export type Framing = 'length' | 'chunked' | 'close' | 'unsaid' | 'unknown';

/** Status line and headers of an answer, as far as the gateway uses them. */
export interface AnswerHead {
  readonly status: number;
  readonly framing: Framing;
  /** With framing `length`. */
  readonly contentLength: number;
  readonly keepsConnection: boolean;
  readonly idleHintMs: number | null;
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly date: string | null;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
}

/**
 * Reads a head, the blank line included. Line ends may be LF, headers folded, names followed by spaces; such a head is
 * right in what it says, but its connection is not kept.
 *
 * @returns what is wrong: `version` for another protocol or none, `header` for a line that is none
 */
export function readHead(text: string): AnswerHead | 'version' | 'header' {
  const isFolded = /\n[ \t]/.test(text);
  const lines = isFolded ? text.replace(/\r?\n[ \t]+/g, ' ') : text;
  let at = lines.indexOf('\n') + 1;
  // Some servers and proxies write `HTTP/2 200` on a connection of HTTP/1.1; curl takes that too.
  const statusLine = /^HTTP\/(1\.\d|2(?:\.0)?)[ \t]+(\d{3})(?!\d)/i.exec(lines);
  if (!statusLine) return 'version';
  const status = Number(statusLine[2]);
  if (status < 100) return 'version';
  let isSloppy = isFolded || !lines.startsWith('HTTP/1.') || /[^\r]\n/.test(lines);
  let contentLength: number | null = null;
  let isLengthBad = false;
  let isChunked = false;
  let isOtherwiseCoded = false;
  let isCoded = false;
  let connection = '';
  let idleHintMs: number | null = null;
  let retryAfter: string | null = null;
  let location: string | null = null;
  let date: string | null = null;
  let contentType: string | null = null;
  let contentEncoding: string | null = null;

  while (at < lines.length) {
    const end = lines.indexOf('\n', at);
    const lineEnd = lines.charCodeAt(end - 1) === 13 ? end - 1 : end;
    if (lineEnd <= at) break;
    const colon = lines.indexOf(':', at);
    if (colon < 0 || colon > lineEnd) return 'header';
    let nameEnd = colon;
    while (nameEnd > at && isBlank(lines.charCodeAt(nameEnd - 1))) nameEnd--;
    isSloppy ||= nameEnd < colon;
    // Only names of these lengths are used; a usual head has ten others.
    switch (nameEnd - at) {
      case 4:
        if (named(lines, at, nameEnd, 'date')) date ??= valueAfter(lines, colon, lineEnd);
        break;
      case 8:
        if (named(lines, at, nameEnd, 'location')) location ??= valueAfter(lines, colon, lineEnd);
        break;
      case 10:
        if (named(lines, at, nameEnd, 'connection'))
          connection += `,${valueAfter(lines, colon, lineEnd).toLowerCase()}`;
        else if (named(lines, at, nameEnd, 'keep-alive'))
          idleHintMs = idleHint(valueAfter(lines, colon, lineEnd));
        break;
      case 11:
        if (named(lines, at, nameEnd, 'retry-after')) retryAfter ??= valueAfter(lines, colon, lineEnd);
        break;
      case 12:
        if (named(lines, at, nameEnd, 'content-type')) contentType ??= valueAfter(lines, colon, lineEnd);
        break;
      case 16:
        if (named(lines, at, nameEnd, 'content-encoding'))
          contentEncoding ??= valueAfter(lines, colon, lineEnd);
        break;
      case 14:
        if (named(lines, at, nameEnd, 'content-length')) {
          const length = lengthOf(valueAfter(lines, colon, lineEnd));
          if (length === null || (contentLength !== null && length !== contentLength)) isLengthBad = true;
          isSloppy ||= contentLength !== null;
          contentLength = length;
        }
        break;
      case 17:
        if (named(lines, at, nameEnd, 'transfer-encoding')) {
          isCoded = true;
          const codings = valueAfter(lines, colon, lineEnd).toLowerCase().split(',');
          const last = codings.map((coding) => coding.trim()).findLast((coding) => coding !== '');
          if (last === undefined) break;
          isChunked = last === 'chunked';
          isOtherwiseCoded = !isChunked && last !== 'identity';
        }
    }
    at = end + 1;
  }

  const framing: Framing = isChunked
    ? 'chunked'
    : isOtherwiseCoded
      ? 'close'
      : isLengthBad
        ? 'unknown'
        : contentLength === null
          ? 'unsaid'
          : 'length';
  const keeps = connection === '' ? statusLine[1] !== '1.0' : keepsAlive(connection, statusLine[1] === '1.0');
  return {
    status,
    framing,
    contentLength: contentLength ?? 0,
    // Length and chunks together are how answers are smuggled.
    keepsConnection: keeps && !isSloppy && !(isCoded && contentLength !== null),
    idleHintMs,
    retryAfter,
    location,
    date,
    contentType,
    contentEncoding,
  };
}

function keepsAlive(connection: string, isOld: boolean): boolean {
  const tokens = connection.split(',').map((token) => token.trim());
  return isOld ? tokens.includes('keep-alive') : !tokens.includes('close');
}

/** The headers of a head, in their order, as they came. */
export function headerPairs(text: string): (readonly [name: string, value: string])[] {
  const pairs: [string, string][] = [];
  for (const line of text
    .replace(/\r?\n[ \t]+/g, ' ')
    .split('\n')
    .slice(1)) {
    const colon = line.indexOf(':');
    if (colon > 0) pairs.push([line.slice(0, colon).trimEnd(), line.slice(colon + 1).trim()]);
  }
  return pairs;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function named(lines: string, from: number, to: number, name: string): boolean {
  return lines.slice(from, to).toLowerCase() === name;
}

function valueAfter(lines: string, colon: number, lineEnd: number): string {
  return lines.slice(colon + 1, lineEnd).trim();
}

/** One length, also where a proxy has joined the same one several times (`5, 5`); `null` where it cannot be read. */
function lengthOf(value: string): number | null {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const lengths = value.split(',').map((one) => one.trim());
  const [first = ''] = lengths;
  const isOne = /^\+?\d{1,15}$/.test(first) && lengths.every((one) => one === first);
  return isOne ? Number(first) : null;
}

function idleHint(value: string): number | null {
  const [, seconds] = /timeout\s*=\s*"?(\d{1,6})/i.exec(value) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
