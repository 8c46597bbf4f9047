import { hostNameFault } from './host-name.ts';
import { invisibleIn } from './invisible.ts';

// The URL parser drops tabs and line ends, trims spaces and turns "\" into "/": what was typed is not what is called.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const unclear = /[\x00-\x20\x7f\\]/;

// Names of hosts may have joiners, in Persian and in the scripts of India (RFC 5892).
const hostPart = /^https?:\/\/[^/?#]*/i;

/** Why a text cannot be an endpoint's URL; `null` if it can. */
export function urlProblem(text: string): string | null {
  if (unclear.test(text)) return 'must not have spaces, control characters or backslashes.';
  const unseen = invisibleIn(text.replace(hostPart, (host) => host.replace(/[\u200c\u200d]/g, '-')));
  if (unseen !== null) return `${unseen}.`;
  if (!/^https?:\/\//i.test(text)) return 'must begin with http:// or https://.';
  const url = URL.parse(text);
  if (!url) return 'is not a URL; a host name and, if any, a port from 1 to 65535 are needed.';
  if (url.port === '0') return 'must have a port from 1 to 65535.';
  if (url.username !== '' || url.password !== '') {
    return 'must not have a user name or password; send an Authorization header with customHeaders.';
  }
  const fault = url.hostname.startsWith('[') ? null : hostNameFault(url.hostname);
  if (fault !== null) return `has a host that no name in DNS can be: ${fault}.`;
  if (text.includes('#')) return 'must not have a fragment (#…): it is never sent.';
  return null;
}
