import type { Static } from 'typebox';
import type { DeliveryFilter } from '../../../stores/ports/history.ts';
import type { Caller } from '../../callers/caller.ts';
import { numberFilter } from '../../shapes/number-filter.ts';
import { queryInstant } from '../../shapes/query-instant.ts';
import type { deliveryFilters } from './schema.ts';

type Asked = Omit<Static<typeof deliveryFilters>, 'accountId' | 'limit' | 'cursor'>;

/** What a list is narrowed by, as the caller may ask. */
export function filterOf(caller: Caller, { from, to, ...same }: Asked): Omit<DeliveryFilter, 'accountId'> {
  return {
    ...same,
    ...numberFilter(caller, same),
    ...(from === undefined ? {} : { from: queryInstant('from', from) }),
    ...(to === undefined ? {} : { to: queryInstant('to', to) }),
  };
}
