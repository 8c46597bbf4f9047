import ipaddr from 'ipaddr.js';

const prefixOfSite = 64;

/**
 * The network that an address is counted with: of IPv6 the first 64 bits, since whoever has one address of it has them
 * all; of IPv4, also inside IPv6, the address. What is no address counts for itself.
 */
export function networkOf(address: string): string {
  const plain = address.split('%', 1)[0] ?? '';
  if (!ipaddr.isValid(plain)) return address;
  const parsed = ipaddr.process(plain);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${prefixOfSite}`).toString();
}
