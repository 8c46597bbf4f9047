import type { Static } from 'typebox';
import { invalidInput } from '../../../../core/errors.ts';
import type { EventFilter } from '../../../../stores/ports/history.ts';
import type { Caller } from '../../../callers/caller.ts';
import { numberFilter } from '../../../shapes/number-filter.ts';
import type { eventIdFilters } from './schema.ts';

type Asked = Omit<Static<typeof eventIdFilters>, 'accountId' | 'limit' | 'cursor'>;

/**
 * What events are found by, as the caller may ask.
 * @throws HookwireError `invalid_input` where nothing is named
 */
export function filterOf(caller: Caller, ids: Asked): Omit<EventFilter, 'accountId'> {
  if (Object.keys(ids).length === 0) {
    throw invalidInput([
      {
        path: 'query',
        message: 'must have messageId, transactionId or mobileNumber: events are found by one of these.',
      },
    ]);
  }
  return { ...ids, ...numberFilter(caller, ids) };
}
