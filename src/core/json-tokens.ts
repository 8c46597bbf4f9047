import type { Json } from './event.ts';
import { endOfText, endOfValue, skipBlanks } from './json-members.ts';

/** A text, number or name of a JSON text. */
export interface JsonToken {
  /** As it stands there. */
  readonly source: string;
  /** As it reads: `null`, `true` and `false` are no tokens. */
  readonly value: Exclude<Json, null | boolean | object>;
  readonly isName: boolean;
  /** The name that it is the value of; `null` within a list, and of names. */
  readonly name: string | null;
}

/**
 * The JSON text with what `replacement` gives in the places of its texts, numbers and names; everything between them stays as
 * it is, however deep it is nested.
 * @param replacement JSON, or `null` for what stays
 */
export function replaceTokens(text: string, replacement: (token: JsonToken) => string | null): string {
  const kept: string[] = [];
  let done = 0;
  let name: string | null = null;

  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const character = text[at] ?? '';
    const isText = character === '"';
    if (!isText && !isOfNumber(character)) {
      // Words, brackets and commas; what comes behind them has no name, unless it is given one there.
      if (character !== ':') name = null;
      at = skipBlanks(text, at + 1);
      continue;
    }
    const end = isText ? endOfText(text, at) : endOfValue(text, at);
    const next = skipBlanks(text, end);
    const isName = isText && text[next] === ':';
    const source = text.slice(at, end);
    const value = JSON.parse(source) as string | number;
    const replaced = replacement({ source, value, isName, name: isName ? null : name });
    if (replaced !== null) {
      kept.push(text.slice(done, at), replaced);
      done = end;
    }
    name = isName ? String(value) : null;
    at = next;
  }
  return done === 0 ? text : kept.join('') + text.slice(done);
}

function isOfNumber(character: string): boolean {
  return character === '-' || (character >= '0' && character <= '9');
}
