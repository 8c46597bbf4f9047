import { resolveRange } from '../../history/stats/range.ts';
import type { App } from '../app-types.ts';
import { callerOf } from '../app-types.ts';
import { queryInstant } from '../query-instant.ts';
import { idParams } from '../schemas/shapes.ts';
import { stats, statsQuery } from '../schemas/stats.ts';
import type { Services } from '../services.ts';
import { known } from '../tenancy.ts';
import { statsView } from '../views/stats.ts';

/** Counts and percentiles of one webhook, for charts. */
export function routeStats(app: App, services: Services): void {
  app.get(
    '/v1/webhooks/:id/stats',
    {
      config: { access: 'deliveries:read' },
      schema: {
        operationId: 'getWebhookStats',
        summary: "Get a webhook's figures",
        description:
          'Attempts, deliveries and percentiles by the minute, hour or day, up to this moment; 1,500 buckets at most.',
        tags: ['Webhooks'],
        params: idParams,
        querystring: statsQuery,
        response: { 200: stats },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { from, to, bucket } = request.query;
      known(callerOf(request), await services.directory.getWebhook(id), 'webhook', id);
      const asked = {
        ...(from === undefined ? {} : { from: queryInstant('from', from) }),
        ...(to === undefined ? {} : { to: queryInstant('to', to) }),
        ...(bucket === undefined ? {} : { bucket }),
      };
      const range = resolveRange(asked, services.clock.now());
      return statsView(range.bucket, await services.stats.ofWebhook(id, range));
    },
  );
}
