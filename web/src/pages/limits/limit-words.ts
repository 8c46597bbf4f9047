import type { Limit } from '../../api/limits.ts';

/** A limit's value as people read it. */
export function valueInWords(value: number | null): string {
  return value === null ? 'No limit' : value.toLocaleString('en');
}

/** Whether more would be refused now. */
export function isReached({ value, used }: Pick<Limit, 'value' | 'used'>): boolean {
  return value !== null && used !== null && used >= value;
}

/** Why a limit cannot be set to this; `null`: it can. */
export function wrongValue(
  value: number | string,
  { least, most }: Pick<Limit, 'least' | 'most'>,
): string | null {
  const isThere = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return isThere ? null : `Type a whole number from ${least} to ${most.toLocaleString('en')}.`;
}
