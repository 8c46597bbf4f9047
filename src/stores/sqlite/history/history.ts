import { decodeEvent } from '../../event-body.ts';
import { pageOf, positionOf } from '../../history/cursor.ts';
import type { DeliveryDetail, DeliveryFilter, History, StoredEvent } from '../../ports/history.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { PageQuestion } from '../reader/page.ts';
import type { Reader } from '../reader/reader.ts';
import type { DeliveryAnswer, StoredEventAnswer } from './get.ts';

/** History on SQLite: the questions go to the reader. */
export function createSqliteHistory(reader: Pick<Reader, 'ask'>): History {
  const requestOf = (
    filter: DeliveryFilter,
    { limit, cursor }: PageRequest,
  ): PageQuestion<DeliveryFilter> => ({
    ...{ filter, limit, behind: positionOf('dlv', cursor) },
  });

  return {
    async listDeliveries(filter, page) {
      const request = requestOf(filter, page);
      return pageOf('dlv', await reader.ask(filter.accountId, 'listDeliveries', request));
    },
    async listDeliveryIds(filter, page) {
      const request = requestOf(filter, page);
      return pageOf('dlv', await reader.ask(filter.accountId, 'listDeliveryIds', request));
    },
    async findEvents(filter, { limit, cursor }) {
      const request = { filter, limit, behind: positionOf('evt', cursor) };
      return pageOf('evt', await reader.ask(filter.accountId, 'findEvents', request));
    },
    statesOf: (ids) => reader.ask(null, 'statesOfDeliveries', ids),
    async getDelivery(id, asker = null) {
      const found = await reader.ask(asker, 'getDelivery', id);
      return found && deliveryDetail(found);
    },
    async getEvent(id, accountId) {
      const found = await reader.ask(accountId, 'getEvent', { id, accountId });
      return found && storedEvent(found);
    },
  };
}

function deliveryDetail({ delivery, event, attemptLog }: DeliveryAnswer): DeliveryDetail {
  return { ...delivery, event: decodeEvent(event), attemptLog };
}

function storedEvent({ event: row, acceptedAt, deliveries }: StoredEventAnswer): StoredEvent {
  const event = decodeEvent(row);
  return { event, acceptedAt, deliveries: deliveries.map((delivery) => ({ ...delivery, event })) };
}
