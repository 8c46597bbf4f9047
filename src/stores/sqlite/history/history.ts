import { HookwireError } from '../../../core/errors.ts';
import { parseSequenceId, sequenceId } from '../../../core/ids.ts';
import type { DeliveryDetail, History, StoredEvent } from '../../ports/history.ts';
import type { Desk } from '../desk/desk.ts';
import type { EventQuestion } from './get.ts';
import type { ListAnswer, ListRequest } from './list-deliveries.ts';

/** History on SQLite: the questions go to the desk thread. A cursor is the id of the last delivery looked at. */
export function createSqliteHistory(desk: Pick<Desk, 'call'>): History {
  return {
    async listDeliveries(filter, { limit, cursor }) {
      const before = cursor === null ? null : parseSequenceId('dlv', cursor);
      if (cursor !== null && before === null) {
        throw new HookwireError(
          'invalid_request',
          'The cursor is not one that this list gave; start without it.',
        );
      }
      const request: ListRequest = { filter, limit, before };
      const { data, next } = (await desk.call('listDeliveries', request)) as ListAnswer;
      return { data, nextCursor: next === null ? null : sequenceId('dlv', next) };
    },
    getDelivery: async (id) => (await desk.call('getDelivery', id)) as DeliveryDetail | null,
    getEvent: async (id, accountId) =>
      (await desk.call('getEvent', { id, accountId } satisfies EventQuestion)) as StoredEvent | null,
  };
}
