import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { hostNameFault } from '../../shared/host-name.ts';
import type { ResolvConf } from './resolv-conf.ts';

/** What is to be looked up for a host, in this order, until one has an address. */
export type Candidates =
  | { readonly names: readonly string[] }
  /** It needs no look-up. */
  | { readonly addresses: readonly string[] }
  /** It cannot be a name in DNS; why, as the end of a sentence. */
  | { readonly invalid: string };

/**
 * The names that a host stands for: with a dot at the end only itself; else by `ndots` itself and then with the search
 * domains, or the other way round. `localhost` and what ends with it never leave the machine (RFC 6761, 6.3).
 *
 * @param host as in a URL, also in letters beyond ASCII; an IP address stands for itself
 */
export function candidatesOf(
  host: string,
  { search, ndots }: Pick<ResolvConf, 'search' | 'ndots'>,
): Candidates {
  if (isIP(host) !== 0) return { addresses: [host] };
  const ascii = /[^\x21-\x7e]/.test(host) ? domainToASCII(host) || host : host.toLowerCase();
  const isComplete = ascii.endsWith('.');
  const name = isComplete ? ascii.slice(0, -1) : ascii;
  if (isIP(name) !== 0) return { addresses: [name] };
  const fault = hostNameFault(ascii);
  if (fault !== null) return { invalid: fault };
  if (name === 'localhost' || name.endsWith('.localhost')) return { addresses: ['127.0.0.1', '::1'] };
  if (isComplete) return { names: [name] };
  const dots = name.split('.').length - 1;
  const searched = search.map((domain) => `${name}.${domain}`).filter((each) => hostNameFault(each) === null);
  return { names: dots >= ndots ? [name, ...searched] : [...searched, name] };
}
