import { networkInterfaces } from 'node:os';
import { canOpenFile } from './open-files.ts';
import type { Shortage } from './shortage.ts';

const byCode: Readonly<Record<string, Shortage>> = {
  // `LookupTurnError`: its turn did not come.
  ERR_LOOKUP_TURN: 'lookups',
  // `NoWayOutError`: the egress proxy lets nobody out.
  ERR_NO_WAY_OUT: 'way_out',
  EMFILE: 'files',
  ENFILE: 'files',
  ENOMEM: 'memory',
  ENOBUFS: 'memory',
  // No way out of the machine was free for the connection: Linux says so where a socket table is full.
  EAGAIN: 'memory',
};

/** A name server cannot be asked without a descriptor; the resolvers call that a failure of the look-up. */
const unclearLookups = new Set(['EAI_AGAIN', 'EAI_SYSTEM', 'EAI_FAIL', 'ENOTFOUND', 'ECONNREFUSED']);

/**
 * What the machine was short of, so that this error says nothing of the endpoint; `null`: nothing, as far as can be told.
 * Where several addresses were tried, one that could not be is enough: it might have worked.
 *
 * `EADDRNOTAVAIL` has two meanings: every port towards this address is in use, which passes, or the machine has no address
 * of that family at all (IPv6, mostly), which does not.
 *
 * @param mayOpen whether a file can be opened now
 */
export function shortageOf(error: Error, mayOpen: () => boolean = canOpenFile): Shortage | null {
  if (error instanceof AggregateError) {
    for (const one of error.errors) {
      const found = one instanceof Error ? shortageOf(one, mayOpen) : null;
      if (found) return found;
    }
    return null;
  }
  const { code = '', syscall, address = '' } = error as NodeJS.ErrnoException & { readonly address?: string };
  if (code === 'EADDRNOTAVAIL') return hasAddressLike(address) ? 'ports' : null;
  const known = byCode[code];
  if (known) return known;
  const isLookup = syscall === 'getaddrinfo' || (syscall?.startsWith('query') ?? false);
  return isLookup && unclearLookups.has(code) && !mayOpen() ? 'files' : null;
}

function hasAddressLike(remote: string): boolean {
  const family = remote.includes(':') ? 'IPv6' : 'IPv4';
  const inside = remote === '::1' || remote.startsWith('127.');
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some((own) => own.family === family && (inside || !own.internal));
}
