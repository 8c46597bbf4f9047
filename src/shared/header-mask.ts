/** Bullets cannot be sent in a header, so no real value begins with them. */
const bullets = '••••';

/** A header's value as the API shows it: bullets and, of a value long enough not to be guessed, its last two. */
export function maskValue(value: string): string {
  return value.length >= 8 ? `${bullets}${value.slice(-2)}` : bullets;
}

export function isMasked(value: string): boolean {
  return value.startsWith(bullets);
}
