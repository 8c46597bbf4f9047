import { connect as connectTcp, isIP, isIPv6, type OnReadOpts, Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import type { Clock } from '../../core/clock.ts';
import type { ProxyNews } from '../../core/proxy-news.ts';
import { createExceptions } from '../egress/exceptions.ts';
import type { EgressProxy } from '../egress/settings.ts';
import { createTunnels } from '../egress/tunnels.ts';
import { BlockedAddressError } from '../guard/blocked-address-error.ts';
import type { Guard } from '../guard/guard.ts';
import type { Lookup } from '../names/lookup.ts';
import type { Address, Names } from '../names/names.ts';
import type { Asker } from '../names/shares.ts';
import { ProxiedWire } from './proxied-wire.ts';
import type { Wire } from './wire.ts';

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
export type Connect = (target: ConnectTarget, onread: OnReadOpts, watch: LookupWatch) => Wire;

/** The proxy that connections take, and what it takes to find it. */
export interface WayOut {
  readonly proxy: EgressProxy;
  /** For the proxy's own name, which no guard vets. */
  readonly names: Pick<Names, 'resolve'>;
  readonly onNews?: (news: ProxyNews) => void;
}

export interface ConnectOptions {
  readonly guard: Guard;
  readonly clock: Clock;
  /** Without: every connection is direct. */
  readonly wayOut?: WayOut;
  /** Certificates (PEM) to trust instead of the public authorities. */
  readonly ca?: string | readonly string[];
}

/** TLS sessions that are kept to be resumed, over all hosts. */
const mostSessions = 1000;

/**
 * Connects only where the guard lets it: a name through the guard's lookup, a literal address after a check of its
 * own, because `net.connect` looks up no literals. The same holds where a proxy is taken: it is told the address.
 */
export function createConnect({ guard, clock, wayOut, ca }: ConnectOptions): Connect {
  // One context for all: reading the authorities anew for each connection costs more than the handshake.
  const secureContext = createSecureContext(
    ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] },
  );
  const sessions = new Map<string, Buffer>();
  const tunnels = wayOut && createTunnels({ ...wayOut, clock, secureContext });
  const exceptions = createExceptions(wayOut?.proxy.except ?? []);

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

  /** @param tunnel what is connected already, or where to connect to */
  function secure({ hostname, port }: ConnectTarget, tunnel: object): TLSSocket {
    const key = `${hostname}:${port}`;
    const session = sessions.get(key);
    const socket = connectTls({
      ...tunnel,
      secureContext,
      ALPNProtocols: ['http/1.1'],
      ...(isIP(hostname) ? {} : { servername: serverName(hostname) }),
      ...(session && { session }),
    });
    keepSession(key, socket);
    return socket;
  }

  function direct(target: ConnectTarget, onread: OnReadOpts, lookup: Lookup): Socket {
    const options = {
      host: target.hostname,
      port: target.port,
      onread,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      lookup,
      autoSelectFamily: true,
      // Node's 250 ms give up too early on an endpoint across the world that has more than one address.
      autoSelectFamilyAttemptTimeout: 1000,
    };
    return target.secure ? secure(target, options) : connectTcp(options);
  }

  return (target, onread, watch) => {
    const { hostname, port } = target;
    const reason = isIP(hostname) ? guard.check(hostname) : null;
    if (reason !== null) {
      guard.onRefused(hostname, `points to ${reason}`);
      return refused(new BlockedAddressError(`The URL points to ${reason}`));
    }
    const lookup = lookupFor(target, watch);
    if (!tunnels || exceptions.name(hostname)) return direct(target, onread, lookup);
    return new ProxiedWire({
      tunnels,
      port,
      onread,
      resolve: (found) => resolveAll(hostname, lookup, found),
      direct(addresses) {
        const excepted = addresses.filter(({ address }) => exceptions.address(address));
        return excepted.length > 0 ? direct(target, onread, lookupOf(excepted)) : null;
      },
      // Where the certificate is judged by an address, `tls.connect` takes that from `host`.
      secure: target.secure ? (socket) => secure(target, { socket, host: hostname, port }) : null,
      onBarred: (status) => guard.onRefused(hostname, `may not be called by the egress proxy (${status})`),
    });
  };
}

/** Every address of a host, itself where it is one. */
function resolveAll(
  hostname: string,
  lookup: Lookup,
  found: (error: Error | null, addresses: readonly Address[]) => void,
): void {
  const family = isIPv6(hostname) ? 6 : 4;
  if (isIP(hostname)) setImmediate(found, null, [{ address: hostname, family }]);
  else
    lookup(hostname, { all: true }, (error, addresses) => {
      found(error, Array.isArray(addresses) ? (addresses as Address[]) : []);
    });
}

/** What has been looked up already. */
function lookupOf(addresses: readonly Address[]): Lookup {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all || !first) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
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
