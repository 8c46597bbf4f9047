import {
  looksPartial,
  type NumberWarning,
  numberSearch,
  numberWarnings,
  withoutLongerEnds,
} from '../../core/number-search.ts';
import type { Page } from '../../stores/ports/page.ts';
import type { Caller } from '../callers/caller.ts';
import { pageAnswer } from './page.ts';

interface AskedNumber {
  readonly mobileNumber?: string;
}

type Asker = Pick<Caller, 'masksNumbers'>;

/** A filter's number as the caller may look for it: who gets numbers masked finds none of their hidden digits one by one. */
export function numberFilter({ masksNumbers }: Asker, { mobileNumber }: AskedNumber): AskedNumber {
  if (mobileNumber === undefined) return {};
  return { mobileNumber: masksNumbers ? withoutLongerEnds(mobileNumber) : mobileNumber };
}

/** `warnings` where there is something to say of the number that is looked for. @param found as {@link numberWarnings} has it */
export function numberNotes(
  { masksNumbers }: Asker,
  { mobileNumber }: AskedNumber,
  found?: readonly (string | null)[],
): { warnings?: readonly NumberWarning[] } {
  if (mobileNumber === undefined) return {};
  const isHidden = masksNumbers && withoutLongerEnds(mobileNumber) !== mobileNumber;
  if (isHidden && !looksPartial(numberSearch(mobileNumber))) return {};
  const warnings = isHidden ? [hiddenDigits] : numberWarnings(mobileNumber, found);
  return warnings.length > 0 ? { warnings } : {};
}

const hiddenDigits: NumberWarning = {
  code: 'hidden_digits',
  message:
    'Since numbers are hidden from you, one is found by all of its digits with the country code, or by its last 4.',
  path: 'mobileNumber',
};

/** A page of what a number may have been looked for in. */
export function searchAnswer<T extends { readonly event: { readonly mobileNumber: string | null } }, V>(
  caller: Asker,
  asked: AskedNumber,
  page: Page<T>,
  view: (item: T) => V,
) {
  const found = page.data.map(({ event }) => event.mobileNumber);
  return { ...pageAnswer(page, view), ...numberNotes(caller, asked, found) };
}
