import type { Clock } from '../../../core/clock.ts';
import { pageOf, positionOf } from '../../history/cursor.ts';
import type { DeliveryFilter, History } from '../../ports/history.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { Questions } from '../questions/questions.ts';
import { findEvents } from './find-events.ts';
import { getDelivery, getEvent } from './get.ts';
import { listDeliveries, listDeliveryIds, type PageQuestion } from './list-deliveries.ts';
import { statesOfDeliveries } from './states.ts';

export interface HistoryOptions {
  readonly questions: Questions;
  readonly clock: Pick<Clock, 'now'>;
  /** Of the gateway; phone numbers are found by it. */
  readonly numberKey: Uint8Array;
}

/** History on PostgreSQL. */
export function createPostgresHistory({ questions, clock, numberKey }: HistoryOptions): History {
  const context = () => ({ numberKey, now: clock.now() });
  const questionOf = (
    filter: DeliveryFilter,
    { limit, cursor }: PageRequest,
  ): PageQuestion<DeliveryFilter> => ({
    ...{ filter, limit, behind: positionOf('dlv', cursor) },
  });

  return {
    async listDeliveries(filter, page) {
      const question = questionOf(filter, page);
      const answer = await questions.ask(filter.accountId, (asking) =>
        listDeliveries(asking, context(), question),
      );
      return pageOf('dlv', answer);
    },
    async listDeliveryIds(filter, page) {
      const question = questionOf(filter, page);
      const answer = await questions.ask(filter.accountId, (asking) =>
        listDeliveryIds(asking, context(), question),
      );
      return pageOf('dlv', answer);
    },
    async findEvents(filter, { limit, cursor }) {
      const question = { filter, limit, behind: positionOf('evt', cursor) };
      const answer = await questions.ask(filter.accountId, (asking) =>
        findEvents(asking, context(), question),
      );
      return pageOf('evt', answer);
    },
    statesOf: (ids) => questions.ask(null, (asking) => statesOfDeliveries(asking, ids)),
    getDelivery: (id, asker = null) => questions.ask(asker, (asking) => getDelivery(asking, id)),
    getEvent: (id, accountId) => questions.ask(accountId, (asking) => getEvent(asking, { id, accountId })),
  };
}
