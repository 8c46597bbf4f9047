import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostNameFault } from './host-name.ts';

const label63 = 'a'.repeat(63);
const name253 = `${label63}.${label63}.${label63}.${'b'.repeat(61)}`;

describe('a host', () => {
  it.each([
    'example.com',
    'example.com.',
    'EXAMPLE.com',
    'localhost',
    'my_host.example.com',
    '_dmarc.example.com',
    'r3---sn-abc.example.com',
    'xn--bcher-kva.example',
    '1a.example',
    '127.0.0.1',
    `${label63}.example`,
    name253,
    `${name253}.`,
  ])('may be called %s', (host) => {
    expect(hostNameFault(host)).toBeNull();
  });

  it.each([
    ['', 'nothing'],
    ['.', 'nothing'],
    ['..', 'begins with a dot'],
    ['.example.com', 'begins with a dot'],
    ['example..com', 'two dots'],
    ['a...b', 'two dots'],
    ['example.com..', 'more than one dot'],
    ['-example.com', 'hyphen'],
    ['example-.com', 'hyphen'],
    ['www.-a.com', 'hyphen'],
    ['example.com-', 'hyphen'],
    ['-', 'hyphen'],
    [`a${label63}.com`, '63 characters'],
    [`b${name253}`, '253 characters'],
    ['*.example.com', '"*"'],
    ['a,b.example', '","'],
    ['a b', '" "'],
    ['exa"mple.com', '"\\""'],
    ['bücher.example', '"ü"'],
  ])('cannot be called %j', (host, words) => {
    expect(hostNameFault(host)).toContain(words);
  });

  it('may have any name that is made of right labels', () => {
    const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,20}[a-z0-9_])?$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 10 }), (labels) => {
        expect(hostNameFault(labels.join('.'))).toBeNull();
      }),
    );
  });
});
