import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, Server } from 'node:net';
import type { App } from '../app-types.ts';

/** Where a server takes connections. */
export interface Listeners {
  readonly host: string;
  readonly port: number;
  /** The socket stays open when this process closes it: whoever comes then waits for the next process. */
  readonly isInherited: boolean;
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
  const taken = addressOf(app);
  const besides: Server[] = [];
  for (const other of others) {
    const server = createServer((socket) => app.server.emit('connection', socket));
    try {
      await once(server.listen(taken.port, other), 'listening');
      besides.push(server);
    } catch {
      // A machine may have a name for an address that it does not have.
    }
  }
  return { host, port: taken.port, isInherited: false, close: () => closeAll([app.server, ...besides]) };
}

/** Listens on a socket that somebody else opened. */
export async function listenOnInherited(app: App, fd: number): Promise<Listeners> {
  await app.ready();
  await once(app.server.listen({ fd }), 'listening');
  const { address, port } = addressOf(app);
  return { host: address, port, isInherited: true, close: () => closeAll([app.server]) };
}

/** Not by the method of http.Server, which would also close connections whose next request is on its way. */
function closeAll(servers: readonly Server[]): void {
  for (const server of servers) Server.prototype.close.call(server);
}

function addressOf({ server }: App): AddressInfo {
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address;
  throw Object.assign(new Error(`The server listens on ${address ?? 'nothing'}.`), { code: 'not_tcp' });
}

async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
