import type { App } from '../../../app-types.ts';
import { callerOf } from '../../../app-types.ts';
import { searchAnswer } from '../../../shapes/number-filter.ts';
import { searchPageOf } from '../../../shapes/number-search.ts';
import { pageRequest } from '../../../shapes/page.ts';
import { accountQuery, idParams } from '../../../shapes/schema.ts';
import { filterOf } from './filter.ts';
import { eventIdFilters, foundEvent, routing } from './schema.ts';
import { foundEventView, routingView } from './view.ts';

const tags = ['Events'];
/** Webhooks that were deleted so long before an event, ms, say nothing of why it went nowhere. */
const deletedLatelyMs = 7 * 24 * 3_600_000;

/** Finds events by the ids of their messages, and says who got them and who did not. */
export function routeEventSearch(app: App): void {
  app.get(
    '/v1/events',
    {
      config: { access: 'deliveries:read' },
      schema: {
        operationId: 'findEvents',
        summary: 'Find events by the ids of their message',
        description:
          'Newest first, also those that no webhook matched. At least one of `messageId`, `transactionId` and ' +
          '`mobileNumber`; of several all must fit. A page may be short, or empty, and still have a `nextCursor`.\n\n' +
          'With `Accept: text/csv` or `application/x-ndjson` the whole list comes as a file, as `GET /v1/events.csv` and ' +
          '`.ndjson` give it.',
        tags,
        querystring: eventIdFilters,
        response: { 200: searchPageOf('FoundEvent', foundEvent) },
      },
    },
    async (request) => {
      const { accountId: named, limit: _limit, cursor: _cursor, ...ids } = request.query;
      const caller = callerOf(request);
      const filter = filterOf(caller, ids);
      const page = await request.reach.of(named).events.search(filter, pageRequest(request.query));
      return searchAnswer(caller, ids, page, foundEventView);
    },
  );

  app.get(
    '/v1/events/:id/routing',
    {
      config: { access: 'deliveries:read', idOf: 'event' },
      schema: {
        operationId: 'getEventRouting',
        summary: 'Say which webhooks an event went to, and why',
        description:
          "Each webhook of the event's account, as it was when the event was accepted, with those that were deleted since or " +
          'within the week before. By the id as in `GET /v1/events/:id`.',
        tags,
        params: idParams,
        querystring: accountQuery,
        response: { 200: routing },
      },
    },
    async (request) => {
      const { id } = request.params;
      const found = await request.reach.of(request.query.accountId).events.find(id);
      return routingView(found.stored, await found.routedWebhooks(deletedLatelyMs));
    },
  );
}
