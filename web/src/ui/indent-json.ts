import { endOfText, skipBlanks } from '#shared/json-members.ts';

/** What is nested deeper is not laid out: its blanks would be more than it. */
const deepest = 50;

/**
 * JSON text with a line for each part. Only blanks between its parts change: numbers, texts with their escapes, the order of
 * keys and keys that come twice stay as they are, which they would not if it was parsed.
 */
export function indentJson(text: string): string {
  const parts: string[] = [];
  let depth = 0;
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const character = text[at] ?? '';
    if (character === '{' || character === '[') {
      const end = skipBlanks(text, at + 1);
      if (text[end] === '}' || text[end] === ']') {
        parts.push(character, text[end] ?? '');
        at = end + 1;
        continue;
      }
      if (++depth > deepest) return text;
      parts.push(character, lineAt(depth));
      at++;
    } else if (character === '}' || character === ']') {
      parts.push(lineAt(--depth), character);
      at++;
    } else if (character === ',') {
      parts.push(',', lineAt(depth));
      at++;
    } else if (character === ':') {
      parts.push(': ');
      at++;
    } else {
      const end = character === '"' ? endOfText(text, at) : endOfWord(text, at);
      parts.push(text.slice(at, end));
      at = end;
    }
  }
  return parts.join('');
}

function lineAt(depth: number): string {
  return `\n${'  '.repeat(Math.max(0, depth))}`;
}

/** Of a number, `true`, `false` or `null`. */
function endOfWord(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && !' \n\r\t,:{}[]"'.includes(text[at] ?? ' ')) at++;
  return at;
}
