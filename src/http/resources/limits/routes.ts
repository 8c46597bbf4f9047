import { limitsInEffect } from '../../../core/account-limits.ts';
import { scopes } from '../../../core/scopes.ts';
import type { App } from '../../app-types.ts';
import { accountQuery } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';
import { limitsAnswer } from './schema.ts';
import { limitsView } from './view.ts';

/** What an account may have and do, and how much of it it has and does. */
export function routeLimits(app: App, services: Pick<SharedServices, 'limits'>): void {
  app.get(
    '/v1/limits',
    {
      config: { access: scopes },
      schema: {
        operationId: 'getLimits',
        summary: "Get an account's limits and what is used of them",
        description:
          'What is over a limit goes on working; only more is refused: with 409 `limit_reached` where there are too ' +
          'many of something, with 429 `slow_down` and `Retry-After` where time helps. The operator sets them.',
        tags: ['Accounts'],
        querystring: accountQuery,
        response: { 200: limitsAnswer },
      },
    },
    async (request) => {
      const { accountId, record, usage } = await request.reach.own(request.query.accountId);
      const [account, used] = await Promise.all([record(), usage()]);
      const { ofAll } = services.limits;
      const own = account?.limits ?? {};
      return limitsView(accountId, limitsInEffect(ofAll, own), own, ofAll, used);
    },
  );
}
