import type { Socket } from 'node:net';
import fastifySwagger from '@fastify/swagger';
import fastify, { type FastifyError } from 'fastify';
import type { HookwireError } from '../core/errors.ts';
import { jsonText } from '../core/json-text.ts';
import { answerError, longestParameter } from './answers/answer-error.ts';
import { createHeldRefusals } from './answers/held-refusals.ts';
import { maskNumbersForViewers } from './answers/mask-for-viewer.ts';
import { sendProblem } from './answers/problem.ts';
import type { App } from './app-types.ts';
import { auditCalls } from './auditing/audit-calls.ts';
import { takeJsonOnly } from './body/json-body.ts';
import { limitBodies } from './body/limit-routes.ts';
import { createAuthenticator } from './callers/auth.ts';
import { authenticateCallers } from './callers/authenticate-callers.ts';
import { forgetEverywhere } from './callers/forget-everywhere.ts';
import { answerClientError } from './connections/client-error.ts';
import type { ConnectionLimits } from './connections/connection-bounds.ts';
import type { ConnectionTime } from './connections/slow-connections.ts';
import { createDownloads } from './downloads/downloads.ts';
import { listAsAccepted } from './downloads/list-as-accepted.ts';
import { answerOnce } from './idempotency/answer-once.ts';
import { describeRoutes } from './openapi/describe-routes.ts';
import { openApiOptions } from './openapi/document.ts';
import { type PortalOptions, routePortal, type ServePortal } from './portal/serve.ts';
import { createReaches } from './reach/create-reach.ts';
import { giveReach, signInServices } from './reach/give-reach.ts';
import { type CallRates, createCallLimits, usualCallRates } from './requests/call-limits.ts';
import { checkRequest } from './requests/check-request.ts';
import { countAddresses, guardRequests } from './requests/guard-requests.ts';
import { refuseAmbiguous } from './requests/single-headers.ts';
import { takeTurns } from './requests/take-turns.ts';
import { refuseUnknown, unknownPath } from './requests/unknown-routes.ts';
import { refuseOtherCharacters } from './requests/written-urls.ts';
import { routeAccounts } from './resources/accounts/routes.ts';
import { routeAudit } from './resources/audit/routes.ts';
import { routeCatalog } from './resources/catalog/routes.ts';
import { routeDeliveriesAsFile } from './resources/deliveries/as-file/routes.ts';
import { routeLive } from './resources/deliveries/live/routes.ts';
import { routeDeliveries } from './resources/deliveries/routes.ts';
import { routeSentRequest } from './resources/deliveries/sent-request/routes.ts';
import { routeDocs } from './resources/docs/routes.ts';
import { routeErasures } from './resources/erasures/routes.ts';
import { routeEventsAsFile } from './resources/events/as-file/routes.ts';
import { routeEvents } from './resources/events/routes.ts';
import { routeEventSearch } from './resources/events/search/routes.ts';
import { routeGateway } from './resources/gateway/routes.ts';
import { routeHealth } from './resources/health/routes.ts';
import { routeKeys } from './resources/keys/routes.ts';
import { routeLimits } from './resources/limits/routes.ts';
import { routePeople } from './resources/people/routes.ts';
import { routePortalLinks } from './resources/portal-links/routes.ts';
import { routeRetention } from './resources/retention/routes.ts';
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

const mebibyte = 1024 * 1024;

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
    rewriteUrl: listAsAccepted,
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

  const authenticator = forgetEverywhere(
    createAuthenticator(services, calls.lookUps),
    services.otherProcesses,
  );
  authenticateCallers(app, authenticator, calls);
  const reaches = createReaches(services);
  giveReach(app, reaches);
  const turns = takeTurns(app, services);
  answerOnce(app, services);
  auditCalls(app, services);
  maskNumbersForViewers(app);
  describeRoutes(app);
  const downloads = createDownloads(app, services, authenticator, turns);
  limitBodies(app, options.bodyLimitBytes ?? 4 * mebibyte);
  await app.register(fastifySwagger, openApiOptions(receivedRequests));
  routeAccounts(app, services, authenticator);
  routeLimits(app, services);
  routeRetention(app, services);
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
  routeErasures(app);
  routeEvents(app, services);
  routeEventSearch(app);
  routeEventsAsFile(app, downloads);
  routeDeliveries(app);
  routeDeliveriesAsFile(app, downloads);
  routeSentRequest(app, services);
  routeLive(app, services, authenticator);
  routeGateway(app, services);
  routeHealth(app, services);
  routeDocs(app);
  if (options.portal) servePortal = await routePortal(app, options.portal);
  return app;
}
