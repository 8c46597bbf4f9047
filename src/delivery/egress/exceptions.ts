import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { createNetworks } from '../guard/networks.ts';

/** What is called directly although there is a proxy. */
export interface Exceptions {
  name(hostname: string): boolean;
  address(address: string): boolean;
}

/**
 * @param items address ranges or addresses, names, and `*.` or `.` before a name for all below it
 * @throws TypeError when a range cannot be read
 */
export function createExceptions(items: readonly string[]): Exceptions {
  const isRange = (item: string): boolean => item.includes('/') || isIP(item) !== 0;
  const inNetworks = createNetworks(items.filter(isRange));
  const names = items.filter((item) => !isRange(item)).map((item) => plain(item.replace(/^\*\./, '.')));
  const exact = new Set(names.filter((name) => !name.startsWith('.')));
  const ends = names.filter((name) => name.startsWith('.'));
  return {
    name(hostname) {
      const name = plain(hostname);
      return exact.has(name) || ends.some((end) => name.endsWith(end));
    },
    // An IPv4 address inside IPv6 is in the ranges of IPv4.
    address: (address) => ipaddr.isValid(address) && inNetworks(ipaddr.process(address)),
  };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
