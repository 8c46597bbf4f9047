import { scopes } from '../../../core/scopes.ts';
import type { App } from '../../app-types.ts';
import { accountQuery } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';
import { retentionAnswer } from './schema.ts';
import { retentionView } from './view.ts';

/** How long what an account has is kept. */
export function routeRetention(app: App, { keep, clock }: Pick<SharedServices, 'keep' | 'clock'>): void {
  app.get(
    '/v1/retention',
    {
      config: { access: scopes },
      schema: {
        operationId: 'getRetention',
        summary: 'Get how long things are kept',
        description:
          'The operator sets it: for all accounts in the configuration, for one by `PATCH /v1/accounts/:id`. Lists end where the ' +
          'log ends, and what is older is not found. An operator key that names no account is told what holds for those ' +
          'without times of their own.',
        tags: ['Accounts'],
        querystring: accountQuery,
        response: { 200: retentionAnswer },
      },
    },
    async (request) => {
      const { accountId: named } = request.query;
      const reach = named === undefined ? request.reach : await request.reach.own(named);
      const accountId = reach.kind === 'account' ? reach.accountId : null;
      const record = reach.kind === 'account' ? await reach.record() : null;
      const { ofAll, auditDays } = keep;
      return retentionView({ accountId, own: record?.keep ?? null, ofAll, auditDays, now: clock.now() });
    },
  );
}
