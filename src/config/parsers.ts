import { isIP } from 'node:net';
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { hostNameFault } from '../shared/host-name.ts';

/** What a configuration text means, or why it means nothing; the problem completes the sentence "KEY …". */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };
export type Parser<T> = (text: string) => Parsed<T>;

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): Parser<number> {
  return (text) => {
    const value = Number(text);
    return /^\d{1,15}$/.test(text) && value >= min && value <= max
      ? { value }
      : { problem: `must be a whole number from ${min} to ${max}` };
  };
}

/** A whole number from `min` to `max`, or `off`, which is `null`. */
export function wholeNumberOrOff(min: number, max: number): Parser<number | null> {
  const number = wholeNumber(min, max);
  return (text) => {
    if (text.toLowerCase() === 'off') return { value: null };
    const parsed = number(text);
    return 'problem' in parsed ? { problem: `${parsed.problem}, or "off"` } : parsed;
  };
}

/** One of the words in `choices`. */
export function oneOf<const T extends string>(choices: readonly T[]): Parser<T> {
  return (text) => {
    const value = choices.find((choice) => choice === text.toLowerCase());
    return value === undefined ? { problem: `must be one of ${choices.join(', ')}` } : { value };
  };
}

/** A host name or an IP address to listen on, without scheme and port. */
export function hostName(text: string): Parsed<string> {
  const isHost = ipaddr.isValid(text) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text);
  return isHost
    ? { value: text }
    : { problem: 'must be a host name or an IP address without scheme and port, as in 127.0.0.1 or 0.0.0.0' };
}

/** A path, made absolute. */
export function directory(text: string): Parsed<string> {
  return text.includes('\0') ? { problem: 'must be a path' } : { value: resolve(text) };
}

function cidrProblem(text: string): string | null {
  if (/^(\d+\.){3}\d+\/\d+$/.test(text) && ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return null;
  if (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValidCIDR(text)) return null;
  if (!ipaddr.isValid(text)) return 'is not an address range';
  return `is an address; write ${text}/${text.includes(':') ? 128 : 32} for it alone`;
}

/** Address ranges in CIDR form, separated by commas. */
export function cidrList(text: string): Parsed<readonly string[]> {
  const value = splitList(text);
  for (const range of value) {
    const problem = cidrProblem(range);
    if (problem) {
      const shape = 'must be address ranges like 10.0.0.0/8,fd00::/8';
      return { problem: `${shape}: "${range}" ${problem}` };
    }
  }
  return { value };
}

/** Domain names, separated by commas. */
export function domainList(text: string): Parsed<readonly string[]> {
  const value = splitList(text);
  const wrong = value.find(
    (name) => !/^([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(name),
  );
  return wrong === undefined
    ? { value }
    : { problem: `must be domains like inside.example.com,prod.example.net: "${wrong}" is none` };
}

export interface NameServer {
  /** An IP address, with its zone where it is link-local (`fe80::1%eth0`). */
  readonly address: string;
  readonly port: number;
}

/** Name servers, as `10.0.0.2`, `10.0.0.2:5353` or `[fd00::53]:5353`, separated by commas. */
export function nameServerList(text: string): Parsed<readonly NameServer[]> {
  const value: NameServer[] = [];
  for (const item of splitList(text)) {
    const [, inBrackets, plain, port = '53'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(item) ?? [];
    const address = inBrackets ?? plain ?? item;
    if (isIP(address) === 0 || Number(port) < 1 || Number(port) > 65_535) {
      const shape = 'must be addresses of name servers like 10.0.0.2,10.0.0.3:5353,[fd00::53]:53';
      return { problem: `${shape}: "${item}" is none` };
    }
    value.push({ address, port: Number(port) });
  }
  return value.length > 8 ? { problem: 'must be 8 name servers at most' } : { value };
}

/** A secret of at least `minLength` visible ASCII characters (it may travel in a header). */
export function secretText(minLength: number): Parser<string> {
  return (text) =>
    text.length >= minLength && /^[\x21-\x7e]+$/.test(text)
      ? { value: text }
      : { problem: `must be at least ${minLength} visible ASCII characters without spaces` };
}

/** A share, 0 … 1. */
export function share(text: string): Parsed<number> {
  const value = Number(text);
  return /^\d(\.\d{1,9})?$/.test(text) && value <= 1
    ? { value }
    : { problem: 'must be a number from 0 to 1, as in 0.01' };
}

/** The URL of a service that the operator runs, without query and user. */
export function serviceUrl(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash;
  return isPlain
    ? { value: text }
    : { problem: 'must be an http or https URL without user, query and fragment' };
}

/** A proxy for outgoing connections, and who calls it. */
export interface ProxyAddress {
  /** TLS is spoken with the proxy itself. */
  readonly secure: boolean;
  /** IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** `null`: the proxy asks for none. */
  readonly user: { readonly name: string; readonly password: string } | null;
}

const proxyShape =
  'must be like http://proxy.example.com:3128 or https://user:password@proxy.example.com:443, without path; in user and password write %40 for @, %3A for :, %2F for / and so on';

/** The URL of a proxy. What is wrong with it is told without quoting it: it holds a password. */
export function proxyAddress(text: string): Parsed<ProxyAddress> {
  const url = /^https?:\/\/[^/?#\\\s]+\/?$/i.test(text) ? URL.parse(text) : null;
  if (!url || url.port === '0' || (url.username === '' && url.password !== ''))
    return { problem: proxyShape };
  const isIPv6 = url.hostname.startsWith('[');
  const fault = isIPv6 ? null : hostNameFault(url.hostname);
  if (fault !== null) return { problem: `names a host that no name in DNS can be: ${fault}` };
  const secure = url.protocol === 'https:';
  const name = decoded(url.username);
  const password = decoded(url.password);
  if (name === null || password === null || name.includes(':')) return { problem: proxyShape };
  return {
    value: {
      secure,
      hostname: isIPv6 ? url.hostname.slice(1, -1) : url.hostname.replace(/\.$/, ''),
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      user: name === '' ? null : { name, password },
    },
  };
}

/** The same URL with its user and password masked. */
export function maskProxyAddress(text: string): string {
  return text.replace(/\/\/.*@/, '//********@');
}

function decoded(text: string): string | null {
  try {
    const plain = decodeURIComponent(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
    return /[\x00-\x1f\x7f]/.test(plain) ? null : plain;
  } catch {
    return null;
  }
}

const exceptionName = /^(\*?\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;

/** What a proxy is not taken for: address ranges, addresses, names, and `*.` before a name for all below it; separated by commas. */
export function proxyExceptions(text: string): Parsed<readonly string[]> {
  const value = splitList(text);
  for (const item of value) {
    if (item.includes('/')) {
      const problem = cidrProblem(item);
      if (problem) return { problem: `${exceptionShape}: "${item}" ${problem}` };
    } else if (isIP(item) === 0 && (!exceptionName.test(item) || /(^|\.)[0-9]+$/.test(item)))
      return { problem: `${exceptionShape}: "${item}" is none` };
  }
  return { value };
}

const exceptionShape =
  'must be address ranges and names like 10.0.0.0/8,collector.example.com,*.internal.example';

/** A file's path, made absolute. */
export function filePath(text: string): Parsed<string> {
  return directory(text);
}

/** The origin of web pages, `https://hooks.example.com`. */
export function origin(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin =
    url && /^https?:$/.test(url.protocol) && url.origin === text.toLowerCase().replace(/\/$/, '');
  return isOrigin
    ? { value: url.origin }
    : { problem: 'must be an http or https URL without a path, as in https://hooks.example.com' };
}

/** Text of one line. */
export function shortText(maxLength: number): Parser<string> {
  return (text) =>
    text.length <= maxLength ? { value: text } : { problem: `must have at most ${maxLength} characters` };
}

/** Origins of web pages (`https://console.example.com`), separated by commas. */
export function originList(text: string): Parsed<readonly string[]> {
  const value: string[] = [];
  for (const item of splitList(text)) {
    const url = URL.canParse(item) ? new URL(item) : null;
    const isOrigin = url && /^https?:$/.test(url.protocol) && !item.includes('*');
    if (!isOrigin || url.origin !== item.toLowerCase()) {
      return {
        problem: `must be origins like https://console.example.com, without path and wildcard: "${item}" is none`,
      };
    }
    value.push(url.origin);
  }
  return { value };
}

/** Header fields as `name=value`, separated by commas. */
export function headerList(text: string): Parsed<Readonly<Record<string, string>>> {
  const value: Record<string, string> = {};
  for (const item of splitList(text)) {
    const [, name, content] = /^([!#$%&'*+.^_`|~\w-]+)=([\x21-\x7e][\x20-\x7e]*)$/.exec(item) ?? [];
    if (!name || !content) return { problem: 'must be header fields like name=value, separated by commas' };
    value[name.toLowerCase()] = content;
  }
  return { value };
}

const masterKeyShape =
  '32 random bytes in base64 or hex, or a passphrase of at least 16 characters without commas';
const shortestMasterKey = 16;

/** A master key; `stores/secrets/master-key.ts` says how its forms are read. */
export function masterKey(text: string): Parsed<string> {
  return text.length < shortestMasterKey || text.includes(',')
    ? { problem: `must be ${masterKeyShape}` }
    : { value: text };
}

/** Master keys separated by commas. */
export function masterKeyList(text: string): Parsed<readonly string[]> {
  const value = splitList(text);
  return value.some((one) => 'problem' in masterKey(one))
    ? { problem: `must be master keys separated by commas, each ${masterKeyShape}` }
    : { value };
}

const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'];

/** A connection string of PostgreSQL, as a URI. */
export function postgresUrl(text: string): Parsed<string> {
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    return { problem: 'must be a connection string as in postgres://user:password@host:5432/database' };
  const { hostname, pathname, searchParams } = new URL(text);
  if (hostname === '' && !searchParams.has('host')) return { problem: 'must name a host' };
  if (pathname.length < 2) return { problem: 'must name a database behind the host, as in …@host/hookwire' };
  const sslMode = searchParams.get('sslmode');
  if (sslMode !== null && !sslModes.includes(sslMode)) {
    return {
      problem: `must have one of ${sslModes.join(', ')} as sslmode: with another, what is sent might go unencrypted unnoticed`,
    };
  }
  return { value: text };
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
