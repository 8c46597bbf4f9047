/** Line ends that some languages know and JSON does not escape. */
const lineEnds = /[\u007f\u0085\u2028\u2029]/g;

/**
 * A text in double quotes, as JavaScript, Python, Java, Go and C# all read it: JSON's escapes, which they share, and no
 * lone surrogates, which not all can write.
 */
export function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    lineEnds,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// Control characters and line ends, which nobody could read or copy.
const unreadable = /[\p{Cc}\u2028\u2029]/u;

/** A text as PHP reads it: in single quotes, or in double ones where it has characters that must be escaped. */
export function phpQuoted(text: string): string {
  const whole = text.toWellFormed();
  if (!unreadable.test(whole)) return `'${whole.replace(/[\\']/g, '\\$&')}'`;
  const escaped = Array.from(whole.replace(/[\\"$]/g, '\\$&'), (character) =>
    unreadable.test(character) ? `\\u{${character.charCodeAt(0).toString(16)}}` : character,
  );
  return `"${escaped.join('')}"`;
}

/** Lines of a program; what is `null` or `false` is left out, a list is put in its place. */
export type Lines = readonly (string | null | false | Lines)[];

export function program(lines: Lines): string {
  return `${flatten(lines).join('\n')}\n`;
}

function flatten(lines: Lines): string[] {
  return lines.flatMap((line) => {
    if (line === null || line === false) return [];
    return typeof line === 'string' ? [line] : flatten(line);
  });
}
