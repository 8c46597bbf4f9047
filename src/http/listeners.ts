import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, Server } from 'node:net';
import type { App } from './app-types.ts';

/** Where a server takes connections. */
export interface Listeners {
  readonly port: number;
  /** Takes no more; connections that are there stay. */
  close(): void;
}

/**
 * Listens on every address of `host`: `localhost` has two on most machines, and a client may take either. Fastify would
 * listen on both by a second server that nobody can wait for.
 * @param port 0 takes a free one
 */
export async function openListeners(app: App, host: string, port: number): Promise<Listeners> {
  const [first, ...others] = host === 'localhost' ? await addressesOf(host) : [host];
  await app.listen({ host: first ?? host, port });
  const address = app.server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  const besides: Server[] = [];
  for (const other of others) {
    const server = createServer((socket) => app.server.emit('connection', socket));
    try {
      await once(server.listen(taken, other), 'listening');
      besides.push(server);
    } catch {
      // A machine may have a name for an address that it does not have.
    }
  }
  return {
    port: taken,
    close() {
      // The method of http.Server would also close connections whose next request is on its way.
      for (const server of [app.server, ...besides]) Server.prototype.close.call(server);
    },
  };
}

async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
