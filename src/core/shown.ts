/** Characters of what somebody sent that an answer repeats at most. */
export const mostShown = 64;

/** A name or a value as errors repeat it: whole if it is short, else its start and `…`. */
export function shown(text: string): string {
  if (text.length <= mostShown) return text;
  const end = isHighSurrogate(text.charCodeAt(mostShown - 1)) ? mostShown - 1 : mostShown;
  return `${text.slice(0, end)}…`;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
