import { type LookupAddress, type LookupAllOptions, type LookupOptions, lookup } from 'node:dns';
import { BlockedAddressError } from './blocked-address-error.ts';

type ResolveCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** Finds every address of a name; `dns.lookup` with `all: true`, and what a test puts in its place. */
export type Resolve = (hostname: string, options: LookupAllOptions, callback: ResolveCallback) => void;

/** `dns.lookup` as `net.connect` and `tls.connect` call it. */
export type GuardedLookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
) => void;

export interface LookupOptionsOfGuard {
  /** Why an address may not be called; `null`: it may. */
  readonly check: (address: string) => string | null;
  /** Whether a name can only be one of an inside network. */
  readonly isInside: (hostname: string) => boolean;
  /** Whether there is an inside network that may be called. */
  readonly opensInside: boolean;
  readonly onRefused: (hostname: string, reason: string) => void;
  /** Stands in for `dns.lookup`. */
  readonly resolve?: Resolve;
}

const systemResolve: Resolve = (hostname, options, callback) => lookup(hostname, options, callback);

/** A name as it is written, without the machine's own search domains, which would try it inside first. */
const absoluteResolve: Resolve = (hostname, options, callback) =>
  lookup(hostname.endsWith('.') ? hostname : `${hostname}.`, options, callback);

/**
 * A lookup that yields only addresses which `check` lets pass. The socket connects to exactly what this yields, so
 * there is no second resolution between the check and the connection that a rebinding DNS server could answer
 * differently.
 *
 * Refused addresses are dropped and the others are used; only when none is left does the lookup fail. Failing on any
 * refused one would break honest names (a DNS64 resolver adds NAT64 forms) and protect nothing: a refused address is
 * never connected to either way.
 *
 * A name of an inside network fails as refused also when it does not exist, so that nobody finds out by webhooks which
 * ones do; it is not even looked up where no such network may be called.
 */
export function createLookup(options: LookupOptionsOfGuard): GuardedLookup {
  const { check, isInside, opensInside, onRefused } = options;
  const resolve = options.resolve ?? (opensInside ? systemResolve : absoluteResolve);

  function refused(hostname: string, reason: string): Error {
    onRefused(hostname, reason);
    return new BlockedAddressError(`${hostname} ${reason}`);
  }

  function noAddress(hostname: string, addresses: readonly LookupAddress[], error: Error | null): Error {
    const [first] = addresses;
    if (first) return refused(hostname, `resolves to ${check(first.address)}`);
    if (isInside(hostname)) return refused(hostname, 'is a name of an inside network that has no address');
    const noData = { code: 'ENODATA', syscall: 'getaddrinfo' };
    return error ?? Object.assign(new Error(`${hostname} has no address`), noData);
  }

  return (hostname, asked, callback) => {
    if (!opensInside && isInside(hostname)) {
      const reason = 'is a name of an inside network, none of which may be called';
      process.nextTick(callback, refused(hostname, reason), []);
      return;
    }
    resolve(hostname, { ...asked, all: true }, (error, addresses) => {
      const vetted = error ? [] : addresses.filter(({ address }) => check(address) === null);
      const [first] = vetted;
      if (!first) return callback(noAddress(hostname, error ? [] : addresses, error), []);
      if (asked.all) callback(null, vetted);
      else callback(null, first.address, first.family);
    });
  };
}
