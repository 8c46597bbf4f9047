import { connect as connectTcp, isIP, type OnReadOpts, Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import { BlockedAddressError } from '../guard/blocked-address-error.ts';
import type { Guard } from '../guard/guard.ts';
import type { Lookup } from '../names/lookup.ts';
import type { Asker } from '../names/shares.ts';

/** Hears how the look-up of a host's name goes. Not called where the host is an IP address. */
export interface LookupWatch {
  /** It begins, or waits for its turn. */
  onLookup(): void;
  /** Its turn has come. Not called where nothing has to be asked. */
  onLookupTurn(): void;
  /** It has ended. */
  onLookupEnd(): void;
}

/** Where a connection leads, and whose it is. */
export interface ConnectTarget {
  readonly account: Asker;
  /** The host of the URL; an IPv6 address without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** TLS is spoken on it. */
  readonly secure: boolean;
}

/** Opens a socket and returns it at once, so that a deadline can end it. What goes wrong is its event `error`. */
export type Connect = (target: ConnectTarget, onread: OnReadOpts, watch: LookupWatch) => Socket;

export interface ConnectOptions {
  readonly guard: Guard;
  /** Certificates (PEM) to trust instead of the public authorities. */
  readonly ca?: string | readonly string[];
}

/** TLS sessions that are kept to be resumed, over all hosts. */
const mostSessions = 1000;

/**
 * Connects only where the guard lets it: a name through the guard's lookup, a literal address after a check of its
 * own, because `net.connect` looks up no literals.
 */
export function createConnect({ guard, ca }: ConnectOptions): Connect {
  // One context for all: reading the authorities anew for each connection costs more than the handshake.
  const secureContext = createSecureContext(
    ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] },
  );
  const sessions = new Map<string, Buffer>();

  function keepSession(key: string, socket: TLSSocket): void {
    socket.on('session', (session) => {
      sessions.delete(key);
      sessions.set(key, session);
      const [oldest] = sessions.keys();
      if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest);
    });
    // A session that the server does not like any more must not be offered again.
    socket.on('error', () => sessions.delete(key));
  }

  function lookupFor({ account }: ConnectTarget, watch: LookupWatch): Lookup {
    return (hostname, options, callback) => {
      watch.onLookup();
      guard.lookup({ account, onTurn: () => watch.onLookupTurn() })(hostname, options, (...found) => {
        watch.onLookupEnd();
        callback(...found);
      });
    };
  }

  return (target, onread, watch) => {
    const { hostname, port, secure } = target;
    const reason = isIP(hostname) ? guard.check(hostname) : null;
    if (reason !== null) {
      guard.onRefused(hostname, `points to ${reason}`);
      return refused(new BlockedAddressError(`The URL points to ${reason}`));
    }
    const options = {
      host: hostname,
      port,
      onread,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      lookup: lookupFor(target, watch),
      autoSelectFamily: true,
      // Node's 250 ms give up too early on an endpoint across the world that has more than one address.
      autoSelectFamilyAttemptTimeout: 1000,
    };
    if (!secure) return connectTcp(options);
    const key = `${hostname}:${port}`;
    const session = sessions.get(key);
    const socket = connectTls({
      ...options,
      secureContext,
      ALPNProtocols: ['http/1.1'],
      ...(isIP(hostname) ? {} : { servername: serverName(hostname) }),
      ...(session && { session }),
    });
    keepSession(key, socket);
    return socket;
  };
}

/** The name of a host in SNI and `Host`: without the dot of an absolute name (RFC 6066 section 3). */
export function serverName(hostname: string): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}

/** A socket that fails in the next turn. */
function refused(error: Error): Socket {
  return new Socket().destroy(error);
}
