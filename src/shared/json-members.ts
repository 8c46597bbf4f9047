/** Where something stands in a text: from, and up to but without `to`. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Tells of the members of an object in their order, of each as often as it stands there; nothing is parsed but the names.
 * @param text JSON that `JSON.parse` reads; of other text nothing is right. Nothing is told where it is no object
 */
export function eachMember(text: string, tell: (name: string, value: Place) => void): void {
  let at = skipBlanks(text, 0);
  if (text.charCodeAt(at) !== openObject) return;
  at = skipBlanks(text, at + 1);
  while (text.charCodeAt(at) === quote) {
    const endOfName = endOfText(text, at);
    const name = textAt(text, at, endOfName);
    at = skipBlanks(text, skipBlanks(text, endOfName) + 1);
    const to = endOfValue(text, at);
    tell(name, { from: at, to });
    at = skipBlanks(text, to);
    if (text.charCodeAt(at) === comma) at = skipBlanks(text, at + 1);
  }
}

/** What a text reads as that has its quotes there. */
function textAt(text: string, from: number, to: number): string {
  const inner = text.slice(from + 1, to - 1);
  return inner.includes('\\') ? (JSON.parse(text.slice(from, to)) as string) : inner;
}

/** Each member's value as it stands there; of several of one name the last one, as `JSON.parse` takes it. */
export function memberTexts(text: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  eachMember(text, (name, { from, to }) => texts.set(name, text.slice(from, to)));
  return texts;
}

/** The text of a member's value as it stands there; of several of the name the last one, as `JSON.parse` takes it. */
export function memberText(text: string, wanted: string): string | null {
  return memberTexts(text).get(wanted) ?? null;
}

/** Where a value ends that begins at `from`, in one pass without recursion. */
export function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfText(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (code === openObject || code === openList) depth++;
    else if (code === closeObject || code === closeList) {
      if (depth <= 1) return depth === 1 ? at + 1 : at;
      depth--;
    } else if (depth === 0 && (code === comma || code === colon || isBlank(code))) return at;
  }
  return text.length;
}

/** @param from where its quote stands; the end is behind the other one */
export function endOfText(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end + 1;
  }
  return text.length;
}

export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
