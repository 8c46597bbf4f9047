/** Characters that nobody sees, by what they are called. */
const called: ReadonlyMap<number, string> = new Map([
  [0x09, 'a tab'],
  [0x0a, 'a line end'],
  [0x0d, 'a line end'],
  [0x7f, 'a control character'],
  [0xa0, 'a no-break space'],
  [0xad, 'a soft hyphen'],
  [0x200b, 'a zero-width space'],
  [0x200c, 'a zero-width non-joiner'],
  [0x200d, 'a zero-width joiner'],
  [0x2028, 'a line separator'],
  [0x2029, 'a paragraph separator'],
  [0x202f, 'a narrow no-break space'],
  [0x2060, 'a word joiner'],
  [0x3000, 'an ideographic space'],
  [0xfeff, 'a byte order mark'],
]);

// U+2800, a Braille cell without dots, is a symbol by Unicode and blank all the same.
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;
const marks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/**
 * Says where a text has a character that cannot be seen (control characters, every space but the common one, soft
 * hyphens, zero-width and direction marks), as the end of a sentence that begins with the text's name; `null` if it has none.
 */
export function invisibleIn(text: string): string | null {
  const found = invisible.exec(text);
  if (!found) return null;
  const [character] = found;
  const code = character.codePointAt(0) ?? 0;
  const place = [...text.slice(0, found.index)].length + 1;
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  return `has an invisible character, U+${hex} (${nameOf(character, code)}), as its character ${place}; leave it out, or type it anew`;
}

function nameOf(character: string, code: number): string {
  const name = called.get(code);
  if (name !== undefined) return name;
  if (marks.test(character)) return 'a mark of the direction of writing';
  if (/\p{Cc}/u.test(character)) return 'a control character';
  return /\p{Zs}/u.test(character) ? 'a space of another width' : 'a character without a shape';
}
