import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.ts';
import { type CallLimits, costOf } from '../requests/call-limits.ts';
import { type Authenticator, type RouteAccess, requireAccess } from './auth.ts';
import type { Caller } from './caller.ts';
import { requireGranting } from './portal-link-caller.ts';

const notKept = ['cache-control', 'no-store'] as const;

/**
 * Finds the caller before the body is read, and once more after it where somebody lost access meanwhile: a body may take
 * a minute to come, and whoever was removed is not to make a key by a call that was begun before.
 */
export function authenticateCallers(app: App, authenticator: Authenticator, calls: CallLimits): void {
  app.decorateRequest('caller', null);
  app.decorateRequest('foundAtAge', 0);

  app.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions;
    const { access, unlimitedCalls = false, callCost = 1 } = config;
    if (config.notKept) reply.header(...notKept);
    if (access === undefined || access === 'public') return;
    request.foundAtAge = authenticator.age();
    const { caller, cookies } = await authenticator.authenticate(request);
    // People have browsers, which share computers.
    if (caller.role !== null) reply.header(...notKept);
    if (cookies.length > 0) reply.header('set-cookie', [...cookies]);
    if (!unlimitedCalls) calls.countCaller(caller, costOf(callCost, request.headers));
    admit(request, caller, access);
  });

  app.addHook('preHandler', async (request) => {
    const { access } = request.routeOptions.config;
    if (access === undefined || access === 'public' || request.foundAtAge === authenticator.age()) return;
    const { caller } = await authenticator.authenticate(request, false);
    admit(request, caller, access);
  });
}

function admit(request: FastifyRequest, caller: Caller, access: Exclude<RouteAccess, 'public'>): void {
  requireAccess(caller, access, accountInPath(request));
  if (request.routeOptions.config.grants) requireGranting(caller);
  request.caller = caller;
}

/** The account that the path names. */
function accountInPath({ routeOptions, params }: FastifyRequest): string | null {
  if (routeOptions.config.idOf !== 'account') return null;
  return (params as { readonly id: string }).id;
}
