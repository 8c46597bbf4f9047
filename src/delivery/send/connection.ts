import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { Connect } from './connector.ts';
import type { SendError } from './send-result.ts';

/** One keep-alive connection to a webhook's host: an undici client that opens its socket when it is needed. */
export interface Connection {
  readonly client: Client;
  /** The newest socket, also while it is still connecting. */
  socket: Socket | null;
  /** Requests that went over the newest socket. */
  carried: number;
  /** What the connection is busy with: an exchange, which can be ended. */
  exchange: { fail(error: SendError): void } | null;
}

/**
 * @param idleMs a connection that carries nothing is closed after this time (the server's own hint may shorten it)
 */
export function openConnection(origin: string, connect: Connect, idleMs: number): Connection {
  const client = new Client(origin, {
    pipelining: 1,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    // The exchange has one deadline of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16 * 1024,
    connect(options, callback) {
      connection.carried = 0;
      connection.socket = connect(options, callback);
    },
  });
  const connection: Connection = { client, socket: null, carried: 0, exchange: null };
  return connection;
}

/** Closes the connection at once, also in the middle of connecting; resolves when undici has let go of it. */
export function destroyConnection({ client, socket }: Connection): Promise<void> {
  const destroyed = client.destroy();
  // An undici client that is still connecting leaves its socket alone until the connection is there.
  socket?.destroy();
  return destroyed;
}
