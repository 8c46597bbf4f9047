import ipaddr from 'ipaddr.js';

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Reads a CIDR range (`10.0.0.0/8`, `fd00::/8`) or a single address.
 * Only the full spelling is taken: ipaddr.js reads `10/8` as `0.0.0.10/8`, which nobody means.
 *
 * @throws TypeError that quotes the text
 */
function parseNetwork(text: string): Network {
  const range = text.trim();
  const cidr = range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`;
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr) && !ipaddr.IPv6.isValidCIDR(cidr)) {
    throw new TypeError(`"${text}" is not an address range; write it like 10.0.0.0/8 or fd00::/8`);
  }
  return ipaddr.parseCIDR(cidr);
}

/**
 * Makes the test "is this address in one of these ranges".
 *
 * @throws TypeError when a range cannot be read
 */
export function createNetworks(ranges: readonly string[]): (address: ipaddr.IPv4 | ipaddr.IPv6) => boolean {
  const networks = ranges.map(parseNetwork);
  return (address) =>
    networks.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
}
