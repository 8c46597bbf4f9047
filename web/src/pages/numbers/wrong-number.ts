import { isNumber, normalNumber } from '#shared/normal-number.ts';

/** What is wrong with a number that somebody types, or `null`. The gateway keeps it in its normal form. */
export function wrongNumber(text: string): string | null {
  const number = normalNumber(text.trim());
  if (number === '') return 'Type the number.';
  if (!isNumber(number)) return 'Only digits belong to a number.';
  if (number.startsWith('0')) return 'Begin with the country code, without zeros before it.';
  return null;
}
