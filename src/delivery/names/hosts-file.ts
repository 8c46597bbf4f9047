import { isIP } from 'node:net';

/** Addresses by name, as `hosts(5)` has them; names in lower case. */
export type HostsFile = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the text of a hosts file:
 *
 * ```text
 * 10.0.0.7  db.internal db   # comment
 * ```
 */
export function parseHostsFile(text: string): HostsFile {
  const hosts = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const key = name.toLowerCase().replace(/\.$/, '');
      const known = hosts.get(key);
      if (!known) hosts.set(key, [address]);
      else if (!known.includes(address)) known.push(address);
    }
  }
  return hosts;
}
