import { isUtf8 } from 'node:buffer';

/** Looked at in one go; a body of 4 MiB takes less than a ms. */
const blockBytes = 4096;
const longestCharacter = 4;

/** The offset of the first byte that is not part of a character in UTF-8; `null`: there is none. */
export function brokenByte(bytes: Buffer): number | null {
  if (isUtf8(bytes)) return null;
  for (let from = 0; from < bytes.length; ) {
    const to = startOfCharacter(bytes, Math.min(from + blockBytes, bytes.length));
    if (to <= from || !isUtf8(bytes.subarray(from, to))) return brokenByteBehind(bytes, from);
    from = to;
  }
  return null;
}

/** Not behind `at`, so that no character is cut; without one nearby `at` itself. */
function startOfCharacter(bytes: Buffer, at: number): number {
  if (at === bytes.length) return at;
  for (let start = at; start > at - longestCharacter; start--)
    if (!isContinuation(bytes[start])) return start;
  return at;
}

/** Character by character. @param from where one begins */
function brokenByteBehind(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; ) {
    const end = endOfCharacter(bytes, at);
    if (end === null) return at;
    at = end;
  }
  return bytes.length;
}

function endOfCharacter(bytes: Buffer, at: number): number | null {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : longestCharacter;
  const end = at + length;
  return end <= bytes.length && isUtf8(bytes.subarray(at, end)) ? end : null;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
