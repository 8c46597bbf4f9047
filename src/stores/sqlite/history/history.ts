import { HookwireError } from '../../../core/errors.ts';
import { parseSequenceId, type SequencePrefix, sequenceId } from '../../../core/ids.ts';
import type {
  DeliveryDetail,
  DeliveryFilter,
  FoundEvent,
  History,
  ListedDelivery,
  StateOfDelivery,
  StoredEvent,
} from '../../ports/history.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { decodeEvent } from '../event-body.ts';
import type { Reader } from '../reader/reader.ts';
import type { FindRequest } from './find-events.ts';
import type { DeliveryAnswer, EventAnswer, EventQuestion } from './get.ts';
import type { ListAnswer, ListRequest } from './list-deliveries.ts';

/** History on SQLite: the questions go to the reader. A cursor is the id of the last row looked at. */
export function createSqliteHistory(reader: Pick<Reader, 'ask'>): History {
  function list<T>(question: string) {
    return async (filter: DeliveryFilter, page: PageRequest): Promise<Page<T>> => {
      const request: ListRequest = { filter, limit: page.limit, before: positionOf('dlv', page.cursor) };
      return pageOf('dlv', await reader.ask(filter.accountId, question, request));
    };
  }

  return {
    listDeliveries: list<ListedDelivery>('listDeliveries'),
    listDeliveryIds: list<string>('listDeliveryIds'),
    async findEvents(filter, { limit, cursor }) {
      const request: FindRequest = { filter, limit, before: positionOf('evt', cursor) };
      return pageOf<FoundEvent>('evt', await reader.ask(filter.accountId, 'findEvents', request));
    },
    statesOf: async (ids) => (await reader.ask(null, 'statesOfDeliveries', ids)) as StateOfDelivery[],
    async getDelivery(id, asker = null) {
      const found = (await reader.ask(asker, 'getDelivery', id)) as DeliveryAnswer | null;
      return found && deliveryDetail(found);
    },
    async getEvent(id, accountId) {
      const question: EventQuestion = { id, accountId };
      const found = (await reader.ask(accountId, 'getEvent', question)) as EventAnswer | null;
      return found && storedEvent(found);
    },
  };
}

function deliveryDetail({ delivery, event, attemptLog }: DeliveryAnswer): DeliveryDetail {
  return { ...delivery, event: decodeEvent(event), attemptLog };
}

function storedEvent({ event: row, acceptedAt, deliveries }: EventAnswer): StoredEvent {
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

function pageOf<T>(prefix: SequencePrefix, answer: unknown): Page<T> {
  const { data, next } = answer as ListAnswer<T>;
  return { data, nextCursor: next === null ? null : sequenceId(prefix, next) };
}
