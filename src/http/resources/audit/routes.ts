import type { AuditEntry } from '../../../stores/ports/audit.ts';
import type { App } from '../../app-types.ts';
import { configuredOperator } from '../../callers/caller.ts';
import { formatInstant } from '../../shapes/instants.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { queryInstant } from '../../shapes/query-instant.ts';
import { pageOf } from '../../shapes/schema.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import { auditEntry, auditFilters } from './schema.ts';

/** The configured key was once called by its variable, which is nothing that an account should read. */
function shownActor(actor: AuditEntry['actor']): AuditEntry['actor'] {
  return actor.kind === 'operatorKey' && actor.id === configuredOperator.id ? configuredOperator : actor;
}

function auditView({
  id,
  at,
  accountId,
  actor,
  action,
  target,
  changes,
  ip,
}: AuditEntry): ViewOf<typeof auditEntry> {
  return { id, at: formatInstant(at), accountId, actor: shownActor(actor), action, target, changes, ip };
}

/** Who changed what: for operators, and for an account's own `admin`. */
export function routeAudit(app: App): void {
  app.get(
    '/v1/audit',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listAuditEntries',
        summary: 'List who changed what',
        description:
          'Newest first. Every successful change by the API or in the portal, and every attempt to sign in: failed ones of one network and address within a quarter of an hour are one entry, whose change `times` says how many. Secrets, header values and values of custom parameters are never in it.',
        tags: ['Audit log'],
        querystring: auditFilters,
        response: { 200: pageOf('AuditEntry', auditEntry) },
      },
    },
    async (request) => {
      const { accountId: named, limit: _limit, cursor: _cursor, from, to, ...same } = request.query;
      const filter = {
        ...same,
        ...(from === undefined ? {} : { from: queryInstant('from', from) }),
        ...(to === undefined ? {} : { to: queryInstant('to', to) }),
      };
      const { audit } = request.reach.of(named);
      return pageAnswer(await audit.list(filter, pageRequest(request.query)), auditView);
    },
  );
}
