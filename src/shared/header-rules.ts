import { invisibleIn } from './invisible.ts';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Tells whether a text is a header name: a token of RFC 9110 §5.6.2. */
export function isHeaderName(name: string): boolean {
  return token.test(name);
}

const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Tells whether a text can be a header's value: visible Latin-1, spaces and tabs; no CR, LF, NUL or other control
 * character. It is what HTTP/1.1 allows; characters beyond ASCII go out as Latin-1.
 */
export function isHeaderValue(value: string): boolean {
  return headerValue.test(value);
}

const connection = 'it belongs to the connection';
const reserved: ReadonlyMap<string, string> = new Map([
  ['host', 'it is made from the URL'],
  ['content-length', 'it is made from the body'],
  ['content-encoding', 'the body is sent without encoding'],
  ['transfer-encoding', connection],
  ['connection', connection],
  ['keep-alive', connection],
  ['te', connection],
  ['trailer', connection],
  ['upgrade', connection],
  ['expect', connection],
  ['user-agent', 'the gateway sends its own'],
]);

/**
 * Why a custom header cannot have this name (any case), as the end of a sentence (`Host cannot be set: …`); `null` if
 * it can. `Content-Type` is allowed and replaces the method's own.
 */
export function reservedHeader(name: string): string | null {
  const lower = name.toLowerCase();
  if (lower.startsWith('webhook-')) return 'the gateway signs with it';
  if (lower.startsWith('proxy-')) return connection;
  return reserved.get(lower) ?? null;
}

/** Why a text cannot be a custom header's value; `null` if it can. A tab may stand in one. */
export function headerValueProblem(value: string): string | null {
  const unseen = invisibleIn(value.replaceAll('\t', ' '));
  if (unseen !== null) return `${unseen}.`;
  return isHeaderValue(value)
    ? null
    : 'cannot be sent in a header: no line ends, no control characters, no characters beyond Latin-1.';
}
