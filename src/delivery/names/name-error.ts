import type { NotFound } from './find-addresses.ts';

/** A name that has no address, or none that could be found. The message is a sentence for the endpoint's developer. */
export class NameError extends Error {
  readonly code = 'ERR_NAME_NOT_FOUND';

  constructor(message: string) {
    super(message);
    this.name = 'NameError';
  }
}

/** The look-up waited for too long for its turn: an account's other names are not answered. Nothing was asked. */
export class LookupTurnError extends Error {
  readonly code = 'ERR_LOOKUP_TURN';

  constructor() {
    super('Too many look-ups wait for their turn.');
    this.name = 'LookupTurnError';
  }
}

/** What happened, in words. */
export function nameError(host: string, notFound: NotFound, withinMs: number): NameError {
  return new NameError(`${words(host.replace(/\.$/, ''), notFound, withinMs)}.`);
}

/** @param fault why no name can be so, as the end of a sentence */
export function invalidName(host: string, fault: string): NameError {
  return new NameError(
    `${host.replace(/\.$/, '').slice(0, 100)} cannot be a name in DNS: ${fault}; check the host in the URL.`,
  );
}

function words(host: string, notFound: NotFound, withinMs: number): string {
  const { failure } = notFound;
  if (failure === 'unknown') return `There is no ${host} in DNS (NXDOMAIN); check the host in the URL`;
  if (failure === 'none')
    return `${host} is in DNS, but without an address (neither A nor AAAA); add one, or check the host in the URL`;
  const half = 'partly' in notFound && notFound.partly !== null ? families[notFound.partly] : null;
  const which =
    half === null ? host : `${host} has no ${half.has} address in DNS, and its ${half.other} address`;
  switch (failure.kind) {
    case 'silent':
      return half === null
        ? `No name server answered within ${seconds(withinMs)} when asked for ${host}; the name servers of its domain may be down`
        : `${which} was not answered within ${seconds(withinMs)}; the name servers of its domain may be down`;
    case 'refused':
      return half === null
        ? `The name server could not find ${host} (${failure.code}); the name servers of its domain, or its DNSSEC, may be broken`
        : `${which} could not be found (${failure.code}); the name servers of its domain may be broken`;
    case 'unreadable':
      return `${half === null ? host : which} could not be found: what the name server answered cannot be read`;
    case 'unreachable':
    case 'short':
      return `${half === null ? host : which} could not be looked up: no name server can be reached`;
  }
}

const families = {
  A: { has: 'IPv4', other: 'IPv6' },
  AAAA: { has: 'IPv6', other: 'IPv4' },
} as const;

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
