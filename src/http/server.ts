import { buildApp, type HttpOptions } from './app.ts';
import type { App } from './app-types.ts';
import type { Services } from './services.ts';

/** The gateway's HTTP API on a port. */
export interface HttpServer {
  /**
   * Starts to listen.
   * @param port 0 takes a free one
   * @returns where it can be reached, `http://127.0.0.1:8080`
   */
  listen(host: string, port: number): Promise<{ url: string }>;
  /**
   * Stops accepting and resolves when requests in flight are answered.
   * @param withinMs after this time connections are cut: a client may hold a half-sent request for long (default: never)
   */
  close(withinMs?: number): Promise<void>;
}

/** Makes the server; see {@link Services} for what it calls. */
export function createHttpServer(services: Services, options: HttpOptions = {}): HttpServer {
  let app: App | undefined;

  return {
    async listen(host, port) {
      app = await buildApp(services, options);
      await app.listen({ host, port });
      return { url: urlOf(app, host) };
    },
    async close(withinMs) {
      const cut = () => app?.server.closeAllConnections();
      const deadline = withinMs === undefined ? null : services.clock.setTimer(cut, withinMs);
      await app?.close();
      deadline?.cancel();
    },
  };
}

function urlOf(app: App, host: string): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
