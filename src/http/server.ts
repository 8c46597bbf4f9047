import { setImmediate } from 'node:timers/promises';
import { buildApp, type HttpOptions } from './app.ts';
import type { App } from './app-types.ts';
import { createConnectionBounds } from './connections/connection-bounds.ts';
import { type Connections, watchConnections } from './connections/connections.ts';
import { type Listeners, listenOnInherited, openListeners } from './connections/listeners.ts';
import { createStandsForMany } from './connections/stands-for-many.ts';
import type { Services } from './services.ts';

/** The gateway's HTTP API on a port. */
export interface HttpServer {
  /**
   * Starts to listen.
   * @param port 0 takes a free one
   * @param inheritedSocket a file descriptor to listen on instead
   * @returns where it can be reached, `http://127.0.0.1:8080`
   */
  listen(host: string, port: number, inheritedSocket?: number | null): Promise<{ url: string }>;
  /**
   * Goes on taking requests, and tells every client with its next answer to come back on another connection.
   *
   * Resolves when no connection is idle any more, at the latest after `withinMs` of real time: clients that keep
   * connections must hear of it before the port closes, or their next request crosses the end of its connection.
   */
  dismiss(withinMs: number): Promise<void>;
  /**
   * Stops listening and resolves when everything that was sent on a connection is answered. No request is refused.
   * @param withinMs after this time connections are cut: a client may hold a half-sent request for long (default: never)
   */
  close(withinMs?: number): Promise<void>;
}

/** How long a connection that has just been made may take to send the first byte of its request. */
const firstByteMs = 250;
/**
 * How many connections that the kernel has accepted are taken before the port closes, at most: twice its queue, since others
 * come meanwhile. Not a time, which is over too soon on a machine that is busy.
 */
const mostTaken = 1_024;

/** Makes the server; see {@link Services} for what it calls. */
export function createHttpServer(services: Services, options: HttpOptions = {}): HttpServer {
  const bounds = createConnectionBounds(
    {
      ...(options.connections ?? { most: 4_000, mostOfAddress: 500 }),
      standsForMany: createStandsForMany(options.trustedProxies ?? []),
    },
    options.connectionTime,
  );
  let open: { readonly app: App; readonly connections: Connections; readonly listeners: Listeners } | null =
    null;

  return {
    async listen(givenHost, givenPort, inheritedSocket = null) {
      const app = await buildApp(services, { ...options, refusalOf: bounds.refusalOf });
      bounds.watch(app.server);
      const connections = watchConnections(app);
      const listeners = await (inheritedSocket === null
        ? openListeners(app, givenHost, givenPort)
        : listenOnInherited(app, inheritedSocket));
      const { host, port } = listeners;
      open = { app, connections, listeners };
      return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` };
    },
    async dismiss(withinMs) {
      open?.connections.dismiss();
      await open?.connections.untilBusy(withinMs);
    },
    async close(withinMs) {
      if (!open) return;
      const { app, connections, listeners } = open;
      open = null;
      const cut = () => app.server.closeAllConnections();
      const deadline = withinMs === undefined ? null : services.clock.setTimer(cut, withinMs);
      connections.dismiss();
      if (!listeners.isInherited) await untilQueueIsTaken(connections, withinMs ?? Number.POSITIVE_INFINITY);
      listeners.close();
      // What has arrived on a connection is read before those without a request are closed.
      await setImmediate();
      await connections.untilHeard(Math.min(firstByteMs, withinMs ?? firstByteMs));
      // Node.js 24 takes them for busy.
      connections.endUnheard();
      // Closes those that have no request under way, too.
      await app.close();
      await connections.untilGone();
      bounds.close();
      deadline?.cancel();
    },
  };
}

/**
 * Resolves when the event loop has looked for a connection and found none, and before it does anything else: what the
 * kernel has accepted and nobody has taken is reset when the port closes. A turn of the loop takes one connection, and the
 * kernel's queue holds 511.
 */
async function untilQueueIsTaken(connections: Connections, withinMs: number): Promise<void> {
  const endsAt = performance.now() + withinMs;
  const most = connections.opened + mostTaken;
  await setImmediate();
  for (let before = -1; before !== connections.opened && connections.opened < most; ) {
    if (performance.now() >= endsAt) return;
    before = connections.opened;
    await setImmediate();
  }
}
