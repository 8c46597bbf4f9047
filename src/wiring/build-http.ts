import { portalDirectory } from '../http/portal/directory.ts';
import { createHttpServer, type HttpServer } from '../http/server.ts';
import type { Basics } from './basics.ts';
import { buildServices, type ServicesNeeds } from './build-services.ts';

/** Of the time for stopping, so much is kept for the calls under way when the deliveries have had theirs. */
const lastCallsMs = 2_000;
/** How long clients with idle connections are given to hear that they should come back on others. */
const noticeMs = 500;
/** When the store has died nothing that is under way can be recorded; calls under way get their errors. */
const answeringMs = 1_000;

/**
 * The API and the portal; the server waits to be told to listen.
 *
 * At the end taking goes on while the deliveries under way end; then the port closes, and what was sent to it is answered.
 */
export function buildHttp(basics: Basics, needs: ServicesNeeds): HttpServer {
  const { config, life, parts } = basics;
  const { couriers, live, intake } = needs;
  const server = createHttpServer(buildServices(basics, needs), {
    bodyLimitBytes: config.http.maxBodyBytes,
    trustedProxies: config.http.trustedProxies,
    connections: config.http.connections,
    deadlines: config.http.deadlines,
    callRates: config.http.callRates,
    portal: { directory: portalDirectory, frameOrigins: config.portal.frameOrigins },
  });
  parts.defer(async () => {
    const { shutdownTimeoutMs } = config.delivery;
    const within = life.stage === 'dead' ? Math.min(answeringMs, shutdownTimeoutMs) : shutdownTimeoutMs;
    const endsAt = performance.now() + within;
    life.stop();
    const last = Math.min(lastCallsMs, within / 2);
    // Others go on at once with what nothing is under way of; whatever is left then, they get when the store is closed.
    needs.sharing?.membership.beginLeaving().catch(() => {});
    await Promise.all([couriers.stop(within - last), server.dismiss(Math.min(noticeMs, last))]);
    live.close();
    await server.close(Math.max(0, endsAt - performance.now()));
    intake.stop();
  });
  return server;
}
