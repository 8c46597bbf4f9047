import { resolveRange } from '../../../watching/stats/range.ts';
import { resolveTotalsRange } from '../../../watching/stats/totals.ts';
import type { App } from '../../app-types.ts';
import { queryInstant } from '../../shapes/query-instant.ts';
import { idParams } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';
import { accountStats, accountStatsQuery, stats, statsQuery } from './schema.ts';
import { statsView, totalsView } from './view.ts';

/** Counts and percentiles of one webhook, for charts, and the counts of all of them, for a table. */
export function routeStats(app: App, { clock }: Pick<SharedServices, 'clock'>): void {
  app.get(
    '/v1/webhooks/:id/stats',
    {
      config: { access: 'deliveries:read', idOf: 'webhook' },
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
      const { bucket } = request.query;
      const found = await request.reach.webhooks.find(request.params.id);
      const asked = { ...spanOf(request.query), ...(bucket === undefined ? {} : { bucket }) };
      const range = resolveRange(asked, clock.now());
      return statsView(range.bucket, await found.figures(range), found.learntPace());
    },
  );

  app.get(
    '/v1/stats',
    {
      config: { access: 'deliveries:read' },
      schema: {
        operationId: 'getStats',
        summary: 'Get the figures of all webhooks',
        description:
          'Of an account, or of every account where an operator key names none: for a table with success rates. By the ' +
          'hour or day, up to this moment; 168 buckets at most. Webhooks without anything are left out.',
        tags: ['Webhooks'],
        querystring: accountStatsQuery,
        response: { 200: accountStats },
      },
    },
    async (request) => {
      const { accountId: named, bucket } = request.query;
      const reach = request.reach.of(named);
      const asked = { ...spanOf(request.query), ...(bucket === undefined ? {} : { bucket }) };
      const range = resolveTotalsRange(asked, clock.now());
      return totalsView(range, await reach.stats.totals(range));
    },
  );
}

function spanOf({ from, to }: { readonly from?: string; readonly to?: string }) {
  return {
    ...(from === undefined ? {} : { from: queryInstant('from', from) }),
    ...(to === undefined ? {} : { to: queryInstant('to', to) }),
  };
}
