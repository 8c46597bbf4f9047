/** A number as people write it, "+91 98765-43210", as the gateway keeps it: "919876543210". */
export function plainNumber(text: string): string {
  return text
    .trim()
    .replace(/^\+/, '')
    .replace(/[\s().-]/g, '');
}

/** What is wrong with a number that somebody types, or `null`. */
export function wrongNumber(text: string): string | null {
  const number = plainNumber(text);
  if (number === '') return 'Type the number.';
  if (!/^\d+$/.test(number)) return 'Only digits belong to a number.';
  if (number.startsWith('0')) return 'Begin with the country code, without zeros before it.';
  return null;
}
