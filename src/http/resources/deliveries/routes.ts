import type { App } from '../../app-types.ts';
import { callerOf } from '../../app-types.ts';
import { searchAnswer } from '../../shapes/number-filter.ts';
import { searchPageOf } from '../../shapes/number-search.ts';
import { pageRequest } from '../../shapes/page.ts';
import { idParams } from '../../shapes/schema.ts';
import { deliveryDescriber } from './audit.ts';
import { filterOf } from './filter.ts';
import { delivery, deliveryDetail, deliveryFilters } from './schema.ts';
import { deliveryDetailView, deliveryView } from './view.ts';

const tags = ['Deliveries'];

/** What happened to each event at each webhook. */
export function routeDeliveries(app: App): void {
  app.get(
    '/v1/deliveries',
    {
      config: { access: 'deliveries:read' },
      schema: {
        operationId: 'listDeliveries',
        summary: 'List the deliveries',
        description:
          'Newest first. With `mobileNumber`, `warnings` say where a part of a number was looked for.\n\n' +
          'With `Accept: text/csv` or `application/x-ndjson` the whole list comes as a file, as `GET /v1/deliveries.csv` ' +
          'and `.ndjson` give it.',
        tags,
        querystring: deliveryFilters,
        response: { 200: searchPageOf('Delivery', delivery) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { accountId, limit: _limit, cursor: _cursor, ...asked } = request.query;
      const { deliveries } = request.reach.of(accountId);
      const page = await deliveries.list(filterOf(caller, asked), pageRequest(request.query));
      return searchAnswer(caller, request.query, page, deliveryView);
    },
  );

  app.get(
    '/v1/deliveries/:id',
    {
      config: { access: 'deliveries:read', idOf: 'delivery' },
      schema: {
        operationId: 'getDelivery',
        summary: 'Get a delivery with its attempts',
        tags,
        params: idParams,
        response: { 200: deliveryDetail },
      },
    },
    async ({ reach, params }) => {
      const { delivery, keptUntil } = await reach.deliveries.find(params.id);
      return deliveryDetailView(delivery, keptUntil);
    },
  );

  app.post(
    '/v1/deliveries/:id/replay',
    {
      config: {
        access: 'deliveries:replay',
        idOf: 'delivery',
        errors: ['conflict'],
        repeats: 'kept',
        audit: { action: 'delivery.replayed', describer: deliveryDescriber },
      },
      schema: {
        operationId: 'replayDelivery',
        summary: 'Send a delivery again',
        description:
          'Now, with the same `webhook-id`; the attempt is marked manual. Where the webhook wants order it is `pending` ' +
          'until the reports of its message that are on their way have ended. Answers when it is queued.',
        tags,
        params: idParams,
        response: { 202: delivery },
      },
    },
    async ({ reach, params: { id } }, reply) => {
      const found = await reach.deliveries.find(id);
      await found.replay();
      const { delivery } = await reach.deliveries.find(id);
      return reply.code(202).send(deliveryView(delivery));
    },
  );
}
