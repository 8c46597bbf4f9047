import type { FastifyRequest } from 'fastify';
import type { AuditAction, NewAuditEntry } from '../../stores/ports/audit.ts';
import type { App } from '../app-types.ts';
import { accountDescriber, keyDescriber, senderDescriber } from '../resources/accounts/audit.ts';
import { personDescriber, portalLinkDescriber, sessionDescriber } from '../resources/people/audit.ts';
import { deliveryDescriber, taskDescriber } from '../resources/tasks/audit.ts';
import { webhookDescriber } from '../resources/webhooks/audit.ts';
import type { Services } from '../services.ts';
import type { AuditedCall, Describer } from './describer.ts';
import { auditFailedSignIn } from './failed-sign-in.ts';
import type { AuditRule } from './rule.ts';

type TargetType<A extends AuditAction = AuditAction> = A extends `${infer T}.${string}` ? T : never;

const describers: { readonly [T in TargetType]: Describer } = {
  account: accountDescriber,
  delivery: deliveryDescriber,
  key: keyDescriber,
  person: personDescriber,
  portalLink: portalLinkDescriber,
  sender: senderDescriber,
  session: sessionDescriber,
  task: taskDescriber,
  webhook: webhookDescriber,
};

function describerOf(action: AuditAction): Describer {
  const [type] = action.split('.') as [TargetType];
  return describers[type];
}

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
    lookBefore(request, rule.action).then(
      () => done(),
      // The call itself will meet the same store, and say so.
      () => done(),
    );
  });

  async function lookBefore(request: FastifyRequest, action: AuditAction): Promise<void> {
    const call = { services, action, params: paramsOf(request), headers: request.headers };
    const before = await describerOf(action).before?.(call);
    request.underAudit = { before: before ?? null, answer: null };
  }

  app.addHook('preSerialization', (request, _reply, payload, done) => {
    if (request.underAudit) request.underAudit.answer = payload;
    done(null, payload);
  });

  app.addHook('onSend', (request, { statusCode }, _payload, done) => {
    const rule = request.routeOptions.config.audit;
    if (request.underAudit && rule !== undefined && rule !== 'nothing') {
      if (statusCode < 300) services.audit.write(entryOf(request, rule.action));
      else if (statusCode === 401 && rule.refused) refused(request, rule.refused);
    }
    done();
  });

  function refused(request: FastifyRequest, action: AuditAction): void {
    entryOf(request, action).then(
      (entry) => entry && auditFailedSignIn(services, entry),
      (error: Error) => services.log.error({ err: error }, 'An entry of the audit log could not be made.'),
    );
  }

  async function entryOf(request: FastifyRequest, action: AuditAction): Promise<NewAuditEntry | null> {
    const at = services.clock.now();
    const { body, headers, caller, ip } = request;
    const { before = null, answer = null } = request.underAudit ?? {};
    const call: AuditedCall = {
      services,
      action,
      params: paramsOf(request),
      headers,
      body,
      answer,
      before,
    };
    const described = await describerOf(action).describe(call);
    const actor = described?.actor ?? caller?.actor;
    if (!described || !actor) return null;
    const { accountId, target, changes } = described;
    return { at, accountId: accountId ?? caller?.accountId ?? null, actor, action, target, changes, ip };
  }
}

function paramsOf({ params }: FastifyRequest): AuditedCall['params'] {
  return (params ?? {}) as AuditedCall['params'];
}
