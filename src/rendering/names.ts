// XML 1.0 (fifth edition) §2.3, without the colon, which belongs to namespaces.
const nameStart =
  'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const nameRest = '\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}';
const xmlName = new RegExp(`^[${nameStart}][${nameStart}${nameRest}]*$`, 'u');

/**
 * Tells whether a parameter can be an XML element: a letter or `_`, then letters, digits, `-`, `_` and `.`; no colon,
 * no space. Letters of any script are allowed, even an emoji; so are names that begin with `xml`, which parsers take.
 */
export function isXmlName(name: string): boolean {
  return xmlName.test(name);
}

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
