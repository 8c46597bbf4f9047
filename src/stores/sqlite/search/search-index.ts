import { numberSearch } from '../../../core/number-search.ts';
import type { Thread } from '../../../core/threads/thread.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { SearchedBy, SearchIndex } from '../../ports/search-index.ts';
import { formerNumberRanges, unkeyedNumberTerm } from './former-number-terms.ts';
import type { KeeperCalls } from './keeper/keeper-calls.ts';
import { createNumberTerms } from './number-terms.ts';
import { searchTerm } from './terms.ts';

/** What is asked of the thread that keeps the index. */
export function createSqliteSearchIndex(
  keeper: Pick<Thread<KeeperCalls>, 'ask'>,
  numberKey: Uint8Array,
): SearchIndex {
  const numbers = createNumberTerms(numberKey);

  /** Those of before the number key are among them. */
  function termsOf(by: SearchedBy, value: string): readonly number[] {
    if (by === 'messageId') return [searchTerm('message', value)];
    if (by === 'transactionId') return [searchTerm('transaction', value)];
    const number = normalNumber(value);
    const former = formerNumberRanges(numberSearch(value)).map(({ from }) => from);
    return [numbers.of(number), unkeyedNumberTerm(number), ...former];
  }

  return {
    forget: (by, value, events) => keeper.ask('forget', termsOf(by, value), events),
  };
}
