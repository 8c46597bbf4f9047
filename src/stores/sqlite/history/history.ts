import { HookwireError } from '../../../core/errors.ts';
import { parseSequenceId, type SequencePrefix, sequenceId } from '../../../core/ids.ts';
import type { DeliveryDetail, DeliveryFilter, History, StoredEvent } from '../../ports/history.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { decodeEvent } from '../event-body.ts';
import type { PageAnswer, PageQuestion } from '../reader/page.ts';
import type { Reader } from '../reader/reader.ts';
import type { DeliveryAnswer, StoredEventAnswer } from './get.ts';

/** History on SQLite: the questions go to the reader. A cursor is the id of the last row looked at. */
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

function positionOf(prefix: SequencePrefix, cursor: string | null): number | null {
  const before = cursor === null ? null : parseSequenceId(prefix, cursor);
  if (cursor !== null && before === null) {
    throw new HookwireError(
      'invalid_request',
      'The cursor is not one that this list gave; start without it.',
    );
  }
  return before;
}

function pageOf<T>(prefix: SequencePrefix, { data, next }: PageAnswer<T>): Page<T> {
  return { data, nextCursor: next === null ? null : sequenceId(prefix, next) };
}
