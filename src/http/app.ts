import type { Socket } from 'node:net';
import fastifySwagger from '@fastify/swagger';
import fastify, { type FastifyError, type FastifyRequest } from 'fastify';
import { HookwireError } from '../core/errors.ts';
import { jsonText } from '../core/json-text.ts';
import { answerError, longestParameter } from './answers/answer-error.ts';
import { createHeldRefusals } from './answers/held-refusals.ts';
import { maskNumbersForViewers } from './answers/mask-for-viewer.ts';
import { sendProblem } from './answers/problem.ts';
import { type App, callerOf } from './app-types.ts';
import { auditCalls } from './auditing/audit-calls.ts';
import { takeJsonOnly } from './body/json-body.ts';
import { limitBodies } from './body/limit-routes.ts';
import { type Access, type Authenticator, createAuthenticator, requireAccess } from './callers/auth.ts';
import type { Caller } from './callers/caller.ts';
import { requireGranting } from './callers/portal-link-caller.ts';
import { answerClientError } from './connections/client-error.ts';
import type { ConnectionLimits } from './connections/connection-bounds.ts';
import type { ConnectionTime } from './connections/slow-connections.ts';
import { answerOnce } from './idempotency/answer-once.ts';
import { describeRoutes } from './openapi/describe-routes.ts';
import { openApiOptions } from './openapi/document.ts';
import { type PortalOptions, routePortal, type ServePortal } from './portal/serve.ts';
import { createReaches, type Reaches } from './reach/create-reach.ts';
import {
  type CallLimits,
  type CallRates,
  costOf,
  createCallLimits,
  usualCallRates,
} from './requests/call-limits.ts';
import { checkRequest } from './requests/check-request.ts';
import { refuseAmbiguous } from './requests/single-headers.ts';
import { takeTurns } from './requests/take-turns.ts';
import { refuseUnknown, unknownPath } from './requests/unknown-routes.ts';
import { refuseOtherCharacters } from './requests/written-urls.ts';
import { routeAccounts } from './resources/accounts/routes.ts';
import { routeAudit } from './resources/audit/routes.ts';
import { routeCatalog } from './resources/catalog/routes.ts';
import { routeLive } from './resources/deliveries/live/routes.ts';
import { routeDeliveries } from './resources/deliveries/routes.ts';
import { routeSentRequest } from './resources/deliveries/sent-request/routes.ts';
import { routeDocs } from './resources/docs/routes.ts';
import { routeEvents } from './resources/events/routes.ts';
import { routeEventSearch } from './resources/events/search/routes.ts';
import { routeGateway } from './resources/gateway/routes.ts';
import { routeHealth } from './resources/health/routes.ts';
import { routeKeys } from './resources/keys/routes.ts';
import { routeLimits } from './resources/limits/routes.ts';
import { routePeople } from './resources/people/routes.ts';
import { routePortalLinks } from './resources/portal-links/routes.ts';
import { routeSenders } from './resources/senders/routes.ts';
import { routeSession } from './resources/session/routes.ts';
import { routeStats } from './resources/stats/routes.ts';
import { routeRecover } from './resources/tasks/recover/routes.ts';
import { routeTasks } from './resources/tasks/routes.ts';
import { receivedRequests } from './resources/webhooks/received/received-requests.ts';
import { routeWebhookRestore } from './resources/webhooks/restore/routes.ts';
import { routeWebhooks } from './resources/webhooks/routes.ts';
import { routeWebhookSecret } from './resources/webhooks/secret/routes.ts';
import { routeWebhookTrial } from './resources/webhooks/trial/routes.ts';
import type { Services } from './services.ts';
import type { SignInServices } from './shared-services.ts';

export interface HttpOptions {
  /** The largest body that is taken, which is one of events; 1,000 of 4 kB fit in the default of 4 MiB. */
  readonly bodyLimitBytes?: number;
  /** How long a client may take; the usual ones unless told. */
  readonly deadlines?: Deadlines;
  /** How many connections there may be; the usual ones unless told. */
  readonly connections?: Omit<ConnectionLimits, 'standsForMany'>;
  /** CIDR ranges of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
  /** Calls a second; the usual ones unless told. */
  readonly callRates?: CallRates;
  /** Stands in for time in what is slow. */
  readonly connectionTime?: ConnectionTime;
  /** Why a connection is not to be served, where there are too many. */
  readonly refusalOf?: (socket: Socket) => HookwireError | null;
  /** The pages for the browser; there are none unless told. */
  readonly portal?: PortalOptions;
}

/** ms. */
export interface Deadlines {
  /** For the headers of a request, from the opening of the connection or from their first byte. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** For the next request on a connection. */
  readonly keepAliveMs: number;
}

/** Load balancers keep connections for 60 s: the gateway must not be the first to close one. */
export const usualDeadlines: Deadlines = { headersMs: 10_000, requestMs: 60_000, keepAliveMs: 72_000 };

const mostHeaders = 100;
const mebibyte = 1024 * 1024;
const notKept = ['cache-control', 'no-store'] as const;

/** Puts the HTTP API together. Nothing is called of `services` before the first request. */
export async function buildApp(services: Services, options: HttpOptions = {}): Promise<App> {
  const deadlines = options.deadlines ?? usualDeadlines;
  const answering = { log: services.log, refusals: createHeldRefusals(services.clock) };
  const app: App = fastify({
    // Logging each request would cost 40 % of the requests per second.
    logger: false,
    requestTimeout: deadlines.requestMs,
    keepAliveTimeout: deadlines.keepAliveMs,
    return503OnClosing: false,
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    clientErrorHandler: answerClientError,
    http: {
      // Our own answer, a problem document, comes from the hook that looks at every request.
      requireHostHeader: false,
      headersTimeout: deadlines.headersMs,
      // Looked at every second, so that the deadlines mean what they say.
      connectionsCheckingInterval: 1_000,
    },
    routerOptions: { maxParamLength: longestParameter },
    frameworkErrors: (error, request, reply) => void answerError(answering, error, request, reply),
  });

  app.setValidatorCompiler(checkRequest);
  app.setSerializerCompiler(() => (answer) => jsonText(answer as object));
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(answering, error, request, reply));
  let servePortal: ServePortal = async () => false;
  app.setNotFoundHandler(async (request, reply) => {
    if (await servePortal(request, reply)) return reply;
    return sendProblem(reply, unknownPath(request));
  });
  takeJsonOnly(app);
  const calls = createCallLimits(services.clock, options.callRates ?? usualCallRates);
  guardRequests(app, options.refusalOf);
  countAddresses(app, calls);
  refuseAmbiguous(app);
  refuseOtherCharacters(app);
  refuseUnknown(app);

  const authenticator = createAuthenticator(services, calls.lookUps);
  authenticateCallers(app, authenticator, calls);
  const reaches = createReaches(services);
  giveReach(app, reaches);
  takeTurns(app, services);
  answerOnce(app, services);
  auditCalls(app, services);
  maskNumbersForViewers(app);
  describeRoutes(app);
  limitBodies(app, options.bodyLimitBytes ?? 4 * mebibyte);
  await app.register(fastifySwagger, openApiOptions(receivedRequests));
  routeAccounts(app, services, authenticator);
  routeLimits(app, services);
  routeKeys(app, services, authenticator);
  routeSession(app, signInServices(services, reaches), authenticator);
  routePeople(app, authenticator);
  routePortalLinks(app, services);
  routeAudit(app);
  routeSenders(app, services);
  routeCatalog(app);
  routeWebhooks(app, services);
  routeWebhookRestore(app, services);
  routeWebhookSecret(app, services);
  routeWebhookTrial(app, services);
  routeStats(app, services);
  routeRecover(app);
  routeTasks(app);
  routeEvents(app, services);
  routeEventSearch(app);
  routeDeliveries(app);
  routeSentRequest(app);
  routeLive(app, services, authenticator);
  routeGateway(app, services);
  routeHealth(app, services);
  routeDocs(app);
  if (options.portal) servePortal = await routePortal(app, options.portal);
  return app;
}

/** Before anything else is found out, so that calls to nowhere count too. */
function countAddresses(app: App, calls: CallLimits): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.routeOptions.config.unlimitedCalls) calls.countAddress(request.ip);
    done();
  });
}

function guardRequests(app: App, refusalOf: HttpOptions['refusalOf']): void {
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf?.(request.raw.socket);
    if (!refusal) return done();
    reply.header('connection', 'close');
    // Whoever watches over the gateway must see that it lives.
    done(request.routeOptions.config.unlimitedCalls && request.method === 'GET' ? undefined : refusal);
  });
  app.addHook('onRequest', (request, _reply, done) => {
    // Name and value by turns.
    if (request.raw.rawHeaders.length > 2 * mostHeaders) {
      done(new HookwireError('headers_too_large', `The request has more than ${mostHeaders} headers.`));
    } else done();
  });
}

/**
 * Finds the caller before the body is read, and once more after it where somebody lost access meanwhile: a body may take
 * a minute to come, and whoever was removed is not to make a key by a call that was begun before.
 */
function authenticateCallers(app: App, authenticator: Authenticator, calls: CallLimits): void {
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

function signInServices(services: Services, reaches: Reaches): SignInServices {
  return {
    ...services,
    async accountOf(caller) {
      const reach = reaches.of(caller);
      return reach.kind === 'account' ? reach.record() : null;
    },
  };
}

/** What handlers get instead of the stores. */
function giveReach(app: App, reaches: Reaches): void {
  app.decorateRequest('reach', {
    getter(this: FastifyRequest) {
      return reaches.of(callerOf(this));
    },
  });
  app.decorateRequest('platform', {
    getter(this: FastifyRequest) {
      return reaches.platformOf(callerOf(this));
    },
  });
}

function admit(request: FastifyRequest, caller: Caller, access: Exclude<Access, 'public'>): void {
  requireAccess(caller, access, accountInPath(request));
  if (request.routeOptions.config.grants) requireGranting(caller);
  request.caller = caller;
}

/** The account that the path names. */
function accountInPath({ routeOptions, params }: FastifyRequest): string | null {
  if (routeOptions.config.idOf !== 'account') return null;
  return (params as { readonly id: string }).id;
}
