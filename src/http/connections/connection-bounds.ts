import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HookwireError } from '../../core/errors.ts';
import { networkOf } from '../../people/network.ts';
import { answerClientError } from './client-error.ts';
import type { Held, Peers } from './held-connection.ts';
import { type ConnectionTime, createSlowness, realTime } from './slow-connections.ts';

/**
 * Bounds the connections of a server, by address and in all.
 *
 * ```text
 * a new connection ──▸ too many of its address? ──▸ its longest idle one is closed
 *                  └─▸ too many in all? ──────────▸ the longest idle one of the address with the most is closed
 *                                                    │ none has been idle for a second: a request may be on its way
 *                                                    ▼
 *                                 it is one of a few that are heard, told that there are too many (429, 503) and closed;
 *                                 health checks are answered. Beyond those few it is closed unheard.
 * ```
 * A connection with a request under way is never closed for another one. One is idle from its opening, or from the end of
 * an answer, until the headers of its next request are there.
 */
export interface ConnectionBounds {
  /** To be called before the server listens. */
  watch(server: Server): void;
  /** Why a connection is not to be served; `null`: it is. */
  refusalOf(socket: Socket): HookwireError | null;
  /** Ends the looking for slow ones. */
  close(): void;
}

export interface ConnectionLimits {
  /** In all, at least 1. */
  readonly most: number;
  /** Of an address, or of a /64 of IPv6. */
  readonly mostOfAddress: number;
  /** Whether an address stands for many, as a proxy's does: then only the bound of all counts. */
  readonly standsForMany: (address: string) => boolean;
}

/** Connections beyond the bounds that are heard at once, to be told so. */
const mostRefused = 64;
/** A client that has just connected, or been answered, may be sending. */
const settledMs = 1_000;

export function createConnectionBounds(
  limits: ConnectionLimits,
  time: ConnectionTime = realTime,
): ConnectionBounds {
  const { now } = time;
  const held = new Map<Socket, Held>();
  const networks = new Map<string, Peers>();
  /** In the order of their coming. */
  const refused = new Set<Held>();
  const slowness = createSlowness({ held, time, late: answerLate });

  function peersOf(address: string): Peers {
    const network = networkOf(address);
    const known = networks.get(network);
    if (known) return known;
    const made = { network, standsForMany: limits.standsForMany(address), open: 0, idle: new Set<Held>() };
    networks.set(network, made);
    return made;
  }

  function longestIdle({ idle }: Peers): Held | null {
    for (const connection of idle) {
      return now() - (connection.idleSince ?? 0) >= settledMs ? connection : null;
    }
    return null;
  }

  /** Closes an idle connection of the address that has the most of those that have one. */
  function closeIdleOfLargest(): boolean {
    let largest: Peers | null = null;
    for (const peers of networks.values()) {
      if ((largest === null || peers.open > largest.open) && longestIdle(peers)) largest = peers;
    }
    return largest !== null && closeIdle(largest);
  }

  function closeIdle(peers: Peers): boolean {
    const found = longestIdle(peers);
    found?.socket.destroy();
    if (found) drop(found);
    return found !== null;
  }

  /** Why there is no place for one more, after making one where that can be. */
  function refusalFor(peers: Peers): HookwireError | null {
    if (!peers.standsForMany && peers.open >= limits.mostOfAddress && !closeIdle(peers)) {
      const detail = `From one address ${limits.mostOfAddress} connections may be open, and they are.`;
      return new HookwireError('too_many_connections', detail, {
        limit: { name: 'connectionsOfAddress', value: limits.mostOfAddress },
        retryAfterSeconds: 5,
      });
    }
    if (held.size - refused.size >= limits.most && !closeIdleOfLargest()) {
      const detail = 'As many connections are open as the gateway serves. Nothing of this request was done.';
      return new HookwireError('overloaded', detail, { retryAfterSeconds: 5 });
    }
    return null;
  }

  /** Makes room among those that are to be told, for one that may be a health check. */
  function closeLongestRefused(): boolean {
    for (const connection of refused) {
      if (connection.answers > 0) continue;
      connection.socket.destroy();
      drop(connection);
      return true;
    }
    return false;
  }

  function take(socket: Socket): void {
    const address = socket.remoteAddress;
    if (address === undefined) return;
    const peers = peersOf(address);
    const refusal = refusalFor(peers);
    if (refusal && refused.size >= mostRefused && !closeLongestRefused()) {
      if (peers.open === 0) networks.delete(peers.network);
      socket.destroy();
      return;
    }
    const nothing = { request: null, answers: 0, answer: null, leaving: null };
    const connection: Held = { socket, peers, ...nothing, idleSince: now(), refusal };
    held.set(socket, connection);
    if (refusal) refused.add(connection);
    else {
      peers.open++;
      peers.idle.add(connection);
    }
    socket.once('close', () => drop(connection));
  }

  /** It counts no more. */
  function drop(connection: Held): void {
    const { socket, peers } = connection;
    if (held.get(socket) !== connection) return;
    held.delete(socket);
    if (refused.delete(connection)) return;
    peers.idle.delete(connection);
    if (--peers.open === 0) networks.delete(peers.network);
  }

  function begin(message: IncomingMessage, answer: ServerResponse): void {
    const connection = held.get(message.socket);
    if (!connection) return;
    connection.answers++;
    connection.answer = answer;
    connection.request = { message, at: now(), bytesBefore: message.socket.bytesRead };
    connection.idleSince = null;
    connection.peers.idle.delete(connection);
    answer.once('close', () => end(connection, answer));
  }

  function end(connection: Held, answer: ServerResponse): void {
    connection.answers--;
    if (connection.answer === answer) {
      connection.answer = null;
      connection.leaving = null;
    }
    if (connection.answers > 0 || !held.has(connection.socket)) return;
    connection.idleSince = now();
    if (connection.refusal === null) connection.peers.idle.add(connection);
  }

  function answerLate(connection: Held): void {
    const error = Object.assign(new Error('The request is late.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    if (connection.answer?.headersSent) connection.socket.destroy();
    else answerClientError(error, connection.socket);
  }

  return {
    watch(server) {
      server.on('connection', take);
      server.prependListener('request', begin);
      slowness.watch(server);
    },
    refusalOf: (socket) => (refused.size === 0 ? null : (held.get(socket)?.refusal ?? null)),
    close: slowness.close,
  };
}
