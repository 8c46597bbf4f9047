import { endOfText, endOfValue, skipBlanks } from '../shared/json-members.ts';
import type { Json } from './event.ts';

/** A text, number or name of a JSON text. */
export interface JsonToken {
  /** As it stands there. */
  readonly source: string;
  /** As it reads: `null`, `true` and `false` are no tokens. */
  readonly value: Exclude<Json, null | boolean | object>;
  readonly isName: boolean;
  /** The name that it, or the list that it is in, is the value of; `null` of names, and where there is none. */
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
  let isInList = false;

  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const character = text[at] ?? '';
    const isText = character === '"';
    if (!isText && !isOfNumber(character)) {
      // What comes behind brackets and commas has no name, unless it is given one there, or is in a list that has one.
      if (character === '[') isInList = true;
      else if ('{}]'.includes(character) || (character === ',' && !isInList)) {
        isInList = false;
        name = null;
      }
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
    if (!isInList || isName) name = isName ? String(value) : null;
    at = next;
  }
  return done === 0 ? text : kept.join('') + text.slice(done);
}

function isOfNumber(character: string): boolean {
  return character === '-' || (character >= '0' && character <= '9');
}
