import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { createGuard } from './guard.ts';

const guard = createGuard({ allowNetworks: [] });

const refusedIPv4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['168.63.129.16', 32],
];

const toNumber = (dotted: string) => dotted.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
const octetsOf = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255] as const;

/** Any address of any refused IPv4 range, as a 32-bit number. */
const refusedNumber = fc
  .tuple(fc.constantFrom(...refusedIPv4), fc.nat(0xffffffff))
  .map(([[base, bits], any]) => toNumber(base) + (any % 2 ** (32 - bits)));

type Spelling = (n: number) => string;
const radixes: readonly Spelling[] = [
  (n) => String(n),
  (n) => `0${n.toString(8)}`,
  (n) => `0x${n.toString(16)}`,
  (n) => `0X${n.toString(16).toUpperCase()}`,
  (n) => `0x000${n.toString(16)}`,
];

/** Dotted, 3-part, 2-part and 1-part IPv4, each part in its own radix. */
const spellIPv4 = fc
  .tuple(fc.constantFrom(1, 2, 3, 4), fc.array(fc.constantFrom(...radixes), { minLength: 4, maxLength: 4 }))
  .map(
    ([count, spell]): Spelling =>
      (n) => {
        const octets = octetsOf(n);
        const parts: number[] = [...octets.slice(0, count - 1), n % 2 ** (8 * (5 - count))];
        return parts.map((part, i) => (spell[i] ?? String)(part)).join('.');
      },
  );

const hex = (n: number) => n.toString(16);
const groups = (n: number) => `${hex(n >>> 16)}:${hex(n & 0xffff)}`;
const dotted = (n: number) => octetsOf(n).join('.');

/** Every way to put an IPv4 address into an IPv6 one. */
const intoIPv6: readonly Spelling[] = [
  (n) => `::ffff:${dotted(n)}`,
  (n) => `::FFFF:${dotted(n)}`,
  (n) => `::ffff:${groups(n)}`,
  (n) => `0:0:0:0:0:ffff:${groups(n)}`,
  (n) => `::${dotted(n)}`,
  (n) => `::${groups(n)}`,
  (n) => `::ffff:0:${groups(n)}`,
  (n) => `64:ff9b::${groups(n)}`,
  (n) => `64:ff9b::${dotted(n)}`,
  (n) => `64:FF9B:1::${groups(n)}`,
  (n) => `2002:${groups(n)}::`,
  (n) => `2002:${groups(n)}::1`,
  (n) => `2001:0:${groups(n)}::`,
  (n) => `2001:0:1:2:3:4:${groups(n ^ -1)}`,
  (n) => `2606:4700::5efe:${groups(n)}`,
  (n) => `2606:4700::200:5efe:${groups(n)}`,
];

const wideDigits = (text: string) =>
  text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));

describe('the guard', () => {
  it('lets public addresses pass', () => {
    for (const address of [
      '1.1.1.1',
      '8.8.8.8',
      '172.15.255.255',
      '172.32.0.0',
      '2606:4700::1111',
      '::ffff:1.1.1.1',
    ]) {
      expect(guard.check(address)).toBeNull();
    }
    expect(guard.checkUrl('https://example.com/dlr?x=1')).toBeNull();
    expect(guard.checkUrl('https://1.1.1.1:8443/')).toBeNull();
  });

  it('refuses special IPv6 ranges', () => {
    const special = [
      '::',
      '::1',
      'fe80::1',
      'fec0::1',
      'fc00::1',
      'fd00:ec2::254',
      'ff02::1',
      '100::1',
      '2001:db8::1',
    ];
    const unassigned = [
      '1::',
      '4000::1',
      '5f00::1',
      '3fff::1',
      '2001:2::1',
      '2001:10::1',
      '2620:4f:8000::1',
      'fe80::1%eth0',
    ];
    for (const address of [...special, ...unassigned])
      expect(guard.check(address), address).toContain(address);
  });

  it('refuses every range of the registries of special addresses, from end to end', () => {
    const ranges = [
      ...refusedIPv4.map(([base, bits]) => `${base}/${bits}`),
      ...['192.31.196.0/24', '192.52.193.0/24', '192.175.48.0/24', '255.255.255.255/32'],
      ...['::/128', '::1/128', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '100:0:0:1::/64', '2001::/23'],
      ...['2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3ffe::/16', '3fff::/20', '5f00::/16'],
      ...['fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
    ];
    for (const range of ranges) {
      const [base] = ipaddr.parseCIDR(range);
      const type = base.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
      const ends = [
        type.networkAddressFromCIDR(range),
        base.kind() === 'ipv4'
          ? ipaddr.IPv4.broadcastAddressFromCIDR(range)
          : ipaddr.IPv6.broadcastAddressFromCIDR(range),
      ];
      for (const end of ends) expect(guard.check(end.toString()), `${end} of ${range}`).not.toBeNull();
    }
  });

  it('lets what lies beside them pass', () => {
    for (const address of [
      '2001:200::1',
      '2003::1',
      '2606:4700::1',
      '2a00::1',
      '2c0f::1',
      '198.20.0.0',
      '191.255.255.255',
      '223.255.255.255',
    ])
      expect(guard.check(address), address).toBeNull();
  });

  it('says what a refused address is', () => {
    expect(guard.check('169.254.169.254')).toBe('169.254.169.254, which is a cloud metadata address');
    expect(guard.check('100.100.100.200')).toBe('100.100.100.200, which is a cloud metadata address');
    expect(guard.check('::7f00:1')).toBe('::7f00:1, which is an IPv4 address in IPv6 form');
    expect(guard.check('::ffff:a00:1')).toBe('::ffff:a00:1, which is a private address');
    expect(guard.checkUrl('http://localhost:3000/')).toContain('points to localhost');
    expect(guard.checkUrl('http://0x7f.1/')).toContain('127.0.0.1, which is a loopback address');
  });

  it('refuses every spelling of a refused IPv4 address, alone and in a URL', () => {
    fc.assert(
      fc.property(refusedNumber, spellIPv4, fc.constantFrom('', '.'), fc.boolean(), (n, spell, dot, wide) => {
        const text = spell(n);
        expect(guard.check(text), text).not.toBeNull();
        expect(guard.check(text + dot), text).not.toBeNull();
        const host = wide ? wideDigits(text) : text;
        for (const url of [`http://${host}${dot}/`, `HTTPS://${host}${dot}:8443/a?b`, `http:${host}${dot}`]) {
          expect(guard.checkUrl(url), url).not.toBeNull();
        }
        const { hostname } = new URL(`http://${host}${dot}/`);
        expect(guard.check(hostname), hostname).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses every IPv6 form of a refused IPv4 address, alone and in a URL', () => {
    fc.assert(
      fc.property(refusedNumber, fc.constantFrom(...intoIPv6), fc.boolean(), (n, spell, upper) => {
        const text = upper ? spell(n).toUpperCase() : spell(n);
        expect(guard.check(text), text).not.toBeNull();
        expect(guard.checkUrl(`https://[${text}]/`), text).not.toBeNull();
        const { hostname } = new URL(`http://[${text}]/`);
        expect(guard.check(hostname.slice(1, -1)), hostname).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what is not an address', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^[\dxa-f.:]+$/i.test(text));
        expect(guard.check(text)).not.toBeNull();
      }),
    );
  });

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
    '/path',
    'https://user@example.com/',
    'https://user:secret@example.com/',
    'https://1.1.1.1@10.0.0.1/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://localhost../',
    'http://a.b.LocalHost/',
    'http://127.0.0.1../',
    'http://%31%32%37.1/',
    'http://①②⑦.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
  ])('refuses the URL %s', (url) => {
    expect(guard.checkUrl(url)).toMatch(/\.$/);
  });
});

describe('allowed networks', () => {
  it('open exactly their range, also in its IPv4-mapped form', () => {
    const open = createGuard({ allowNetworks: ['127.0.0.0/8', 'fd00::/8', '10.1.2.3'] });
    for (const address of [
      '127.0.0.1',
      '127.255.0.1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      'fd12::1',
      '10.1.2.3',
    ]) {
      expect(open.check(address), address).toBeNull();
    }
    for (const address of ['10.1.2.4', '192.168.0.1', '::1', 'fc00::1', '64:ff9b::7f00:1', '2002:7f00:1::']) {
      expect(open.check(address), address).not.toBeNull();
    }
    expect(open.checkUrl('http://localhost:3000/')).toBeNull();
    expect(open.checkUrl('http://2130706433/')).toBeNull();
  });

  it('that hold NAT64 still judge the IPv4 address in it', () => {
    const open = createGuard({ allowNetworks: ['64:ff9b::/96'] });
    expect(open.check('64:ff9b::1.1.1.1')).toBeNull();
    expect(open.check('64:ff9b::10.0.0.1')).toContain('a private address');
  });

  it('that cannot be read are named', () => {
    for (const range of ['10/8', '10.0.0.0/33', '010.0.0.0/8', 'everything', '', 'fd00::/129']) {
      expect(() => createGuard({ allowNetworks: [range] }), range).toThrow(
        `"${range}" is not an address range`,
      );
    }
  });
});
