import { isIP, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { BlockedAddressError } from '../guard/blocked-address-error.ts';
import type { Guard } from '../guard/guard.ts';

/** Opens a connection for an undici client and returns the socket at once, so that a deadline can end it. */
export type Connect = (options: buildConnector.Options, callback: buildConnector.Callback) => Socket | null;

export interface ConnectorOptions {
  readonly guard: Guard;
  /** Certificates (PEM) to trust instead of the public authorities. */
  readonly ca?: string | readonly string[];
}

/**
 * Connects only where the guard lets it: a name through the guard's lookup, a literal address after a check of its
 * own, because `net.connect` looks up no literals.
 */
export function createConnect({ guard, ca }: ConnectorOptions): Connect {
  const connect = buildConnector({
    lookup: guard.lookup,
    allowH2: false,
    autoSelectFamily: true,
    // Node's 250 ms give up too early on an endpoint across the world that has more than one address.
    autoSelectFamilyAttemptTimeout: 1000,
    maxCachedSessions: 1000,
    timeout: 0,
    ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
  }) as (options: buildConnector.Options, callback: buildConnector.Callback) => unknown;

  return (options, callback) => {
    const reason = isIP(options.hostname) ? guard.check(options.hostname) : null;
    if (reason === null) return connect(options, callback) as Socket; // typed void, but it does return the socket
    guard.onRefused(options.hostname, `points to ${reason}`);
    const error = new BlockedAddressError(`The URL points to ${reason}`);
    process.nextTick(callback, error, null);
    return null;
  };
}
