import type { FastifyRequest } from 'fastify';
import type { AuditAction, NewAuditEntry } from '../../stores/ports/audit.ts';
import type { App } from '../app-types.ts';
import type { Services } from '../services.ts';
import type { AuditedCall } from './describer.ts';
import { auditFailedSignIn } from './failed-sign-in.ts';
import type { AuditRule } from './rule.ts';

/** What is known of a call that changes something, between its hooks. */
export interface CallUnderAudit {
  before: unknown;
  answer: unknown;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the audit log says of the route's calls. */
    audit?: AuditRule;
  }
  interface FastifyRequest {
    underAudit: CallUnderAudit | null;
  }
}

type AuditedRule = Exclude<AuditRule, 'nothing'>;

const reading = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Writes an entry of the audit log for every successful call of a route that has a rule for it. A route under /v1 that
 * may change something and has no rule is a mistake.
 */
export function auditCalls(app: App, services: Services): void {
  app.decorateRequest('underAudit', null);

  app.addHook('onRoute', ({ url, method, config, schema }) => {
    if (config?.audit !== undefined || schema?.hide || !url.startsWith('/v1/')) return;
    if ([method].flat().every((each) => reading.includes(each))) return;
    throw new Error(`${String(method)} ${url} does not say what the audit log tells of it.`);
  });

  app.addHook('preHandler', (request, _reply, done) => {
    const rule = request.routeOptions.config.audit;
    if (rule === undefined || rule === 'nothing') return done();
    request.underAudit = { before: null, answer: null };
    lookBefore(request, rule).then(
      () => done(),
      // The call itself will meet the same store, and say so.
      () => done(),
    );
  });

  function contextOf(
    request: FastifyRequest,
    action: AuditAction,
  ): Omit<AuditedCall, 'body' | 'answer' | 'before'> {
    const { headers, caller } = request;
    const { people, portalLinks } = services;
    const reach = caller && request.reach;
    return { reach, people, portalLinks, action, params: paramsOf(request), headers };
  }

  async function lookBefore(request: FastifyRequest, { action, describer }: AuditedRule): Promise<void> {
    const before = await describer.before?.(contextOf(request, action));
    request.underAudit = { before: before ?? null, answer: null };
  }

  app.addHook('preSerialization', (request, _reply, payload, done) => {
    if (request.underAudit) request.underAudit.answer = payload;
    done(null, payload);
  });

  app.addHook('onSend', (request, { statusCode }, _payload, done) => {
    const rule = request.routeOptions.config.audit;
    if (request.underAudit && rule !== undefined && rule !== 'nothing') {
      if (statusCode < 300) services.audit.write(entryOf(request, rule));
      else if (statusCode === 401 && rule.refused) refused(request, { ...rule, action: rule.refused });
    }
    done();
  });

  function refused(request: FastifyRequest, told: AuditedRule): void {
    entryOf(request, told).then(
      (entry) => entry && auditFailedSignIn(services, entry),
      (error: Error) => services.log.error({ err: error }, 'An entry of the audit log could not be made.'),
    );
  }

  async function entryOf(
    request: FastifyRequest,
    { action, describer }: AuditedRule,
  ): Promise<NewAuditEntry | null> {
    const at = services.clock.now();
    const { body, caller, ip } = request;
    const { before = null, answer = null } = request.underAudit ?? {};
    const described = await describer.describe({ ...contextOf(request, action), body, answer, before });
    const actor = described?.actor ?? caller?.actor;
    if (!described || !actor) return null;
    const { accountId, target, changes } = described;
    return { at, accountId: accountId ?? caller?.accountId ?? null, actor, action, target, changes, ip };
  }
}

function paramsOf({ params }: FastifyRequest): AuditedCall['params'] {
  return (params ?? {}) as AuditedCall['params'];
}
