import { HookwireError } from '../../../core/errors.ts';
import { parseSequenceId, type SequencePrefix, sequenceId } from '../../../core/ids.ts';
import type {
  DeliveryDetail,
  DeliveryFilter,
  History,
  StateOfDelivery,
  StoredEvent,
} from '../../ports/history.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { Desk } from '../desk/desk.ts';
import { decodeEvent } from '../event-body.ts';
import type { IdsAnswer } from './brief.ts';
import type { FindAnswer, FindRequest } from './find-events.ts';
import type { DeliveryAnswer, EventAnswer, EventQuestion } from './get.ts';
import type { ListAnswer, ListRequest } from './list-deliveries.ts';

/** History on SQLite: the questions go to the desk thread. A cursor is the id of the last delivery looked at. */
export function createSqliteHistory(desk: Pick<Desk, 'call'>): History {
  return {
    async listDeliveries(filter, page) {
      const { data, next } = (await desk.call('listDeliveries', listRequest(filter, page))) as ListAnswer;
      return { data, nextCursor: cursorOf(next) };
    },
    async listDeliveryIds(filter, page) {
      const { data, next } = (await desk.call('listDeliveryIds', listRequest(filter, page))) as IdsAnswer;
      return { data, nextCursor: cursorOf(next) };
    },
    async findEvents(filter, { limit, cursor }) {
      const request: FindRequest = { filter, limit, before: positionOf('evt', cursor) };
      const { data, next } = (await desk.call('findEvents', request)) as FindAnswer;
      return { data, nextCursor: next === null ? null : sequenceId('evt', next) };
    },
    statesOf: async (ids) => (await desk.call('statesOfDeliveries', ids)) as StateOfDelivery[],
    async getDelivery(id) {
      const answer = (await desk.call('getDelivery', id)) as DeliveryAnswer | null;
      return answer && deliveryDetail(answer);
    },
    async getEvent(id, accountId) {
      const question: EventQuestion = { id, accountId };
      const answer = (await desk.call('getEvent', question)) as EventAnswer | null;
      return answer && storedEvent(answer);
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

function listRequest(filter: DeliveryFilter, { limit, cursor }: PageRequest): ListRequest {
  return { filter, limit, before: positionOf('dlv', cursor) };
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

function cursorOf(next: number | null): string | null {
  return next === null ? null : sequenceId('dlv', next);
}
