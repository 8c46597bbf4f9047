import ipaddr from 'ipaddr.js';
import { systemClock } from '../../core/clock.ts';
import { createNames, type Names } from '../names/names.ts';
import { createInsideNames } from './inside-names.ts';
import { createLookup, type GuardedLookup } from './lookup.ts';
import { createNetworks } from './networks.ts';
import { specialRange } from './special-ranges.ts';

/** Decides which addresses the gateway may call, so that a webhook cannot reach into the operator's network. */
export interface Guard {
  /** Why this address (in any spelling) is refused, in words that begin with it; `null` when it may be called. */
  check(address: string): string | null;
  /**
   * Why a webhook may not have this URL, as a sentence; `null` when nothing speaks against it. An early answer for
   * forms: a name is judged by what it resolves to, when connecting.
   */
  checkUrl(url: string | URL): string | null;
  /**
   * A look-up that yields only vetted addresses. `net.connect` does not call it for a host that is an IP literal: the
   * caller checks those itself.
   */
  readonly lookup: GuardedLookup;
  /** For the caller that checks a literal itself. */
  onRefused(host: string, reason: string): void;
}

export interface GuardOptions {
  /** CIDR ranges (or single addresses) that may be called although they are not public. */
  readonly allowNetworks: readonly string[];
  /** Ends of names that are of an inside network, beside those that everybody knows. */
  readonly insideDomains?: readonly string[];
  /** Told of each host that is refused when connecting, with the reason, which is for the operator alone. */
  readonly onRefused?: (host: string, reason: string) => void;
  /** Finds the addresses of names; without: a resolver of its own, by the machine's configuration. */
  readonly names?: Pick<Names, 'resolve'>;
}

const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * A guard that refuses everything but public addresses and `allowNetworks`. An allowed IPv4 range also opens its
 * IPv4-mapped form; a NAT64 address passes when its range is allowed and the IPv4 address in it passes too.
 *
 * @throws TypeError when a range of `allowNetworks` cannot be read
 */
export function createGuard(options: GuardOptions): Guard {
  const allowed = createNetworks(options.allowNetworks);
  const { onRefused = () => {} } = options;

  function refusal(address: ipaddr.IPv4 | ipaddr.IPv6): string | null {
    if (address.kind() === 'ipv6') {
      const { parts, zoneId } = address as ipaddr.IPv6;
      if (zoneId !== undefined) return 'an address of one network link';
      if ((address as ipaddr.IPv6).isIPv4MappedAddress()) return refusal(lastIPv4(parts));
      if (address.match(nat64) && allowed(address)) return refusal(lastIPv4(parts));
    }
    return allowed(address) ? null : specialRange(address);
  }

  function check(text: string): string | null {
    if (!ipaddr.isValid(text)) return `"${text}", which is not an IP address`;
    const reason = refusal(ipaddr.parse(text));
    return reason && `${text}, which is ${reason}`;
  }

  function checkUrl(input: string | URL): string | null {
    const url = typeof input === 'string' ? URL.parse(input) : input;
    if (!url) return 'This is not a URL.';
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return 'The URL must begin with https:// or http://.';
    if (url.username || url.password)
      return 'The URL must not contain a user name or password; use a header.';
    const host = hostOf(url);
    if (host === '') return 'The URL has no host.';
    const isLocal = host === 'localhost' || host.endsWith('.localhost');
    if (!isLocal && !ipaddr.isValid(host)) return null;
    const reason = isLocal ? check('127.0.0.1') && check('::1') : check(host);
    return reason && `The URL points to ${isLocal ? host : reason}, ${blockedHint}.`;
  }

  const lookup = createLookup({
    check,
    isInside: createInsideNames(options.insideDomains ?? []),
    opensInside: options.allowNetworks.length > 0,
    onRefused,
    names: options.names ?? createNames({ clock: systemClock }),
  });
  return { check, checkUrl, onRefused, lookup };
}

const blockedHint = 'and the gateway calls only public addresses unless its operator allows more';

/** The host without the brackets of IPv6 and without trailing dots. `URL` has already made decimal, octal, hex and short IPv4 forms plain. */
function hostOf(url: URL): string {
  const host = url.hostname.replace(/\.+$/, '');
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

function lastIPv4(parts: readonly number[]): ipaddr.IPv4 {
  const [high = 0, low = 0] = parts.slice(6);
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}
