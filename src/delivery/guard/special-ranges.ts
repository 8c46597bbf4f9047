import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The words for ipaddr.js's range names; whatever is not here is called reserved. */
const words: Readonly<Record<string, string>> = {
  unspecified: 'an unspecified address (it means this machine)',
  broadcast: 'a broadcast address',
  multicast: 'a multicast address',
  linkLocal: 'a link-local address',
  loopback: 'a loopback address',
  carrierGradeNat: 'a shared (carrier-grade NAT) address',
  private: 'a private address',
  uniqueLocal: 'a private (unique local) address',
  deprecatedSiteLocal: 'a private (site-local) address',
  discard: 'a discard-only address',
  rfc6145: 'an IPv4 address in translated form',
  rfc6052: 'an IPv4 address in NAT64 form',
  '6to4': 'an IPv4 address in 6to4 form',
  teredo: 'an IPv4 address in Teredo form',
  benchmarking: 'a benchmarking address',
};

/** Cloud metadata services; those outside the special ranges are found only here. */
const metadata = new Set([
  '169.254.169.254', // AWS, Azure, Google Cloud and most others
  '169.254.170.2', // AWS ECS task credentials
  '168.63.129.16', // Azure WireServer: a public address that every Azure machine routes to the host
  '100.100.100.200', // Alibaba Cloud
  '192.0.0.192', // Oracle Cloud
  'fd00:ec2::254', // AWS over IPv6
  'fd20:ce::254', // Google Cloud over IPv6
]);

// IANA has given out global unicast IPv6 addresses from this block only; the rest of the space is special or unassigned.
const globalUnicast = ipaddr.IPv6.parse('2000::');
const globalUnicastBits = 3;

/**
 * Of that block nobody has been given these (IANA's IPv6 Global Unicast Address Assignments, 2026): who uses them does so
 * inside. The last one holds 3ffe::/16, which the 6bone gave back (RFC 3701).
 */
const unassigned = ['2d00::/8', '2e00::/7', '3000::/4'].map((range) => ipaddr.IPv6.parseCIDR(range));

/**
 * What an address is when it is not an ordinary public one (`a loopback address`), or `null` when it is.
 * ipaddr.js names most special ranges; it calls IPv4-compatible addresses (`::7f00:1`), ISATAP and everything that
 * is unassigned `unicast`, so these are decided here.
 */
export function specialRange(address: Address): string | null {
  if (metadata.has(address.toString())) return 'a cloud metadata address';
  const range: string = address.range();
  if (range !== 'unicast') return words[range] ?? 'a reserved address';
  if (address.kind() === 'ipv4') return null;
  const { parts } = address as ipaddr.IPv6;
  if (parts.slice(0, 6).every((part) => part === 0)) return 'an IPv4 address in IPv6 form';
  if (!address.match(globalUnicast, globalUnicastBits)) return 'a reserved address';
  if (unassigned.some((range) => address.match(range))) return 'an address that is assigned to nobody';
  if (((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe) return 'an IPv4 address in ISATAP form';
  return null;
}
