import { shortageOf } from '../../core/shortage-of.ts';
import { type Lookup, lookupBy } from '../names/lookup.ts';
import { NameError } from '../names/name-error.ts';
import type { Asking, Names, Resolution } from '../names/names.ts';
import { BlockedAddressError } from './blocked-address-error.ts';

/** A look-up for a connection, that yields only addresses which may be called. */
export type GuardedLookup = (asking: Asking) => Lookup;

export interface LookupOptionsOfGuard {
  /** Why an address may not be called; `null`: it may. */
  readonly check: (address: string) => string | null;
  /** Whether a name can only be one of an inside network. */
  readonly isInside: (hostname: string) => boolean;
  /** Whether there is an inside network that may be called. */
  readonly opensInside: boolean;
  readonly onRefused: (hostname: string, reason: string) => void;
  readonly names: Pick<Names, 'resolve'>;
}

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
  const { check, isInside, opensInside, onRefused, names } = options;

  function refused(hostname: string, reason: string): Resolution {
    onRefused(hostname, reason);
    return { error: new BlockedAddressError(`${hostname} ${reason}`) };
  }

  function vet(hostname: string, found: Resolution): Resolution {
    const addresses = 'addresses' in found ? found.addresses : [];
    const vetted = addresses.filter(({ address }) => check(address) === null);
    if (vetted.length > 0) return { addresses: vetted };
    const [first] = addresses;
    if (first) return refused(hostname, `resolves to ${check(first.address)}`);
    const error = 'error' in found ? found.error : new NameError(`${hostname} has no address in DNS.`);
    // What the machine is short of says nothing of the name.
    if (isInside(hostname) && shortageOf(error) === null)
      return refused(hostname, 'is a name of an inside network that has no address');
    return { error };
  }

  const guarded: Pick<Names, 'resolve'> = {
    async resolve(hostname, asking) {
      if (!opensInside && isInside(hostname))
        return refused(hostname, 'is a name of an inside network, none of which may be called');
      // As it is written, without the machine's own search domains, which would try it inside first.
      const absolute = opensInside || hostname.endsWith('.') ? hostname : `${hostname}.`;
      return vet(hostname, await names.resolve(absolute, asking));
    },
  };
  return (asking) => lookupBy(guarded, asking);
}
