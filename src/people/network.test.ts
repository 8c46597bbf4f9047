import { describe, expect, it } from 'vitest';
import { networkOf } from './network.ts';

describe('the network that an address is counted with', () => {
  it.each([
    ['an IPv4 address', '203.0.113.7', '203.0.113.7'],
    ['one inside IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['one that is no address', 'unknown', 'unknown'],
    ['nothing', '', ''],
  ])('is itself for %s', (_what, address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is the same for all IPv6 addresses of one site, however they are written', () => {
    const site = networkOf('2001:db8:1:2::1');
    for (const other of [
      '2001:db8:1:2:ffff:ffff:ffff:ffff',
      '2001:0DB8:0001:0002:0::9',
      '2001:db8:1:2::1%eth0',
    ]) {
      expect(networkOf(other)).toBe(site);
    }
    expect(networkOf('2001:db8:1:3::1')).not.toBe(site);
  });
});
