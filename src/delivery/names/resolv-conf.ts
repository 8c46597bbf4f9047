import { isIP } from 'node:net';
import type { NameServer } from '../../config/parsers.ts';

/** What `resolv.conf(5)` says of how names are looked up. */
export interface ResolvConf {
  readonly servers: readonly NameServer[];
  /** Appended to names that are not complete, in this order. */
  readonly search: readonly string[];
  /** A name with fewer dots is looked up with the search domains first. */
  readonly ndots: number;
  /** How long a server has before the next one is asked, as far as there is time. */
  readonly timeoutMs: number;
  /** How often every server is asked. */
  readonly attempts: number;
  /** Each look-up begins with the next server. */
  readonly rotate: boolean;
  /** Names are asked for over TCP. */
  readonly useTcp: boolean;
}

/** What glibc takes, too. */
const mostServers = 3;
const mostSearch = 32;
const most = { ndots: 15, timeout: 30, attempts: 5 } as const;
const dnsPort = 53;

/** Reads the text of a `resolv.conf`; what it does not say, and an empty text, have glibc's defaults. */
export function parseResolvConf(text: string): ResolvConf {
  const servers: NameServer[] = [];
  let search: readonly string[] = [];
  const options = { ndots: 1, timeout: 5, attempts: 2 };
  let rotate = false;
  let useTcp = false;

  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    switch (keyword) {
      case 'nameserver': {
        const [address = ''] = values;
        if (isIP(address) !== 0 && servers.length < mostServers) servers.push({ address, port: dnsPort });
        break;
      }
      // The last of them counts.
      case 'domain':
        search = domains(values.slice(0, 1));
        break;
      case 'search':
        search = domains(values);
        break;
      case 'options':
        for (const option of values) {
          const [name = '', value = ''] = option.split(':');
          if (name === 'rotate') rotate = true;
          else if (name === 'use-vc') useTcp = true;
          else if (isNumberOption(name) && /^\d{1,6}$/.test(value))
            options[name] = Math.min(Number(value), most[name]);
        }
    }
  }
  return {
    servers: servers.length > 0 ? servers : [{ address: '127.0.0.1', port: dnsPort }],
    search,
    ndots: options.ndots,
    timeoutMs: Math.max(1, options.timeout) * 1000,
    attempts: Math.max(1, options.attempts),
    rotate,
    useTcp,
  };
}

function isNumberOption(name: string): name is keyof typeof most {
  return Object.hasOwn(most, name);
}

function domains(values: readonly string[]): readonly string[] {
  return values
    .map((domain) => domain.toLowerCase().replace(/^\.+|\.+$/g, ''))
    .filter((domain) => domain !== '')
    .slice(0, mostSearch);
}
