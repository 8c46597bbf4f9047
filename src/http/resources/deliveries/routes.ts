import type { Static } from 'typebox';
import { HookwireError } from '../../../core/errors.ts';
import type { DeliveryDetail, DeliveryFilter } from '../../../stores/ports/history.ts';
import type { App } from '../../app-types.ts';
import { callerOf } from '../../app-types.ts';
import type { Caller } from '../../callers/caller.ts';
import { accountToList, mayKnow, notFound } from '../../callers/tenancy.ts';
import type { Services } from '../../services.ts';
import { numberFilter, searchAnswer } from '../../shapes/number-filter.ts';
import { searchPageOf } from '../../shapes/number-search.ts';
import { pageRequest } from '../../shapes/page.ts';
import { queryInstant } from '../../shapes/query-instant.ts';
import { idParams } from '../../shapes/schema.ts';
import { deliveryDescriber } from './audit.ts';
import { delivery, deliveryDetail, deliveryFilters } from './schema.ts';
import { deliveryDetailView, deliveryView } from './view.ts';

const tags = ['Deliveries'];

function filterOf(caller: Caller, query: Static<typeof deliveryFilters>): DeliveryFilter {
  const { accountId, limit: _limit, cursor: _cursor, from, to, ...same } = query;
  return {
    ...same,
    ...numberFilter(caller, query),
    accountId: accountToList(caller, accountId),
    ...(from === undefined ? {} : { from: queryInstant('from', from) }),
    ...(to === undefined ? {} : { to: queryInstant('to', to) }),
  };
}

/** What happened to each event at each webhook. */
export function routeDeliveries(app: App, services: Services): void {
  async function find(caller: Caller, id: string): Promise<DeliveryDetail> {
    const found = await services.history.getDelivery(id);
    if (!found || !mayKnow(caller, found.event.accountId)) throw notFound('delivery', id);
    return found;
  }

  app.get(
    '/v1/deliveries',
    {
      config: { access: 'deliveries:read' },
      schema: {
        operationId: 'listDeliveries',
        summary: 'List the deliveries',
        description:
          'Newest first. With `mobileNumber`, `warnings` say where a part of a number was looked for.',
        tags,
        querystring: deliveryFilters,
        response: { 200: searchPageOf('Delivery', delivery) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const filter = filterOf(caller, request.query);
      const page = await services.history.listDeliveries(filter, pageRequest(request.query));
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
    async (request) => deliveryDetailView(await find(callerOf(request), request.params.id)),
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
    async (request, reply) => {
      const { id } = request.params;
      const caller = callerOf(request);
      const { webhookId } = await find(caller, id);
      if (!(await services.directory.getWebhook(webhookId))) {
        throw new HookwireError('conflict', `Its webhook "${webhookId}" was deleted.`);
      }
      await services.delivery.replay({ id, webhookId });
      return reply.code(202).send(deliveryView(await find(caller, id)));
    },
  );
}
