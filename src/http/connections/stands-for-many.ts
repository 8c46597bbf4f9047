import ipaddr from 'ipaddr.js';
import { createNetworks } from '../../delivery/guard/networks.ts';

const thisMachine = ['127.0.0.0/8', '::1/128'];

/**
 * Makes the test whether a connection's address may stand for many clients: a proxy's does, and this machine's, on which
 * one may run.
 * @param trustedProxies CIDR ranges
 */
export function createStandsForMany(trustedProxies: readonly string[]): (address: string) => boolean {
  const isThere = createNetworks([...thisMachine, ...trustedProxies]);
  return (address) => {
    const [plain = ''] = address.split('%', 1);
    return ipaddr.isValid(plain) && isThere(ipaddr.process(plain));
  };
}
