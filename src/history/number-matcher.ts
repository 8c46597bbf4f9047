import type { EventHead } from '../core/event.ts';
import { fewestDigits, matchesNumber, numberSearch } from '../core/number-search.ts';

/** `numberHash` with the gateway's key. */
export type HashNumber = (normalNumber: string) => string;

/**
 * Whether an event is of the number that somebody asks for. Of one whose contents are gone the whole number is known by its
 * hash, and its last four digits; a longer end finds it no more.
 *
 * @param hash without: there are no such events
 */
export function createNumberMatcher(
  asked: string,
  hash?: HashNumber,
): (event: Pick<EventHead, 'mobileNumber' | 'cut'>) => boolean {
  const search = numberSearch(asked);
  const { whole, others, end } = search;
  const shownEnd = end?.length === fewestDigits ? end : null;
  let hashes: ReadonlySet<string> | null = null;

  return ({ mobileNumber, cut }) => {
    if (!cut) return matchesNumber(search, mobileNumber);
    if (!cut.mobileNumber || !hash) return false;
    hashes ??= new Set([whole, ...others].map(hash));
    return hashes.has(cut.mobileNumber.hash) || cut.mobileNumber.last4 === shownEnd;
  };
}
