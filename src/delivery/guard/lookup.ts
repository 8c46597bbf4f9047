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

const systemResolve: Resolve = (hostname, options, callback) => lookup(hostname, options, callback);

/**
 * A lookup that yields only addresses which `check` lets pass. The socket connects to exactly what this yields, so
 * there is no second resolution between the check and the connection that a rebinding DNS server could answer
 * differently.
 *
 * Refused addresses are dropped and the others are used; only when none is left does the lookup fail. Failing on any
 * refused one would break honest names (a DNS64 resolver adds NAT64 forms) and protect nothing: a refused address is
 * never connected to either way.
 */
export function createLookup(
  check: (address: string) => string | null,
  resolve: Resolve = systemResolve,
): GuardedLookup {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const vetted = addresses.filter(({ address }) => check(address) === null);
      const [first] = vetted;
      if (!first) return callback(noAddress(hostname, addresses, check), []);
      if (options.all) callback(null, vetted);
      else callback(null, first.address, first.family);
    });
  };
}

function noAddress(
  hostname: string,
  addresses: readonly LookupAddress[],
  check: (address: string) => string | null,
): Error {
  const [refused] = addresses;
  if (refused) return new BlockedAddressError(`${hostname} resolves to ${check(refused.address)}`);
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENODATA', syscall: 'getaddrinfo' });
}
