import type { TermRange } from '../../search/number-terms.ts';
import { hash53 } from '../../search/terms.ts';

/**
 * The term of an id that an account gave an event begins with a hash of the id, so that it is found without the account too:
 *
 * ```text
 * 37 bits: the id │ 16 bits: the account
 * ```
 */
export function ownIdTerm(accountId: string, ownId: string): number {
  return ofId(ownId) * accountSize + (hash53(accountId) % accountSize);
}

/** Where the terms are of an id, whoever gave it. */
export function ownIdRange(ownId: string): TermRange {
  const from = ofId(ownId) * accountSize;
  return { from, before: from + accountSize };
}

const accountSize = 2 ** 16;

function ofId(ownId: string): number {
  return Math.floor(hash53(ownId) / accountSize);
}
