import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskId, maskNumber, maskUrl } from './mask.ts';

describe('maskNumber', () => {
  it.each([
    ['919812345678', '9198XXXXXX78'],
    ['+919812345678', '+9198XXXXXX78'],
    ['12345678', '1234XX78'],
    ['1234567', 'XXXXX67'],
    ['123', 'XXX'],
    ['', ''],
    ['US.13491208655302741918', 'US.1XXXXXXXXXXXXXXXXX18'],
  ])('writes %s as %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });

  it('keeps the length and never more than seven characters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[0-9]{0,20}$/), (number) => {
        const masked = maskNumber(number);
        expect(masked).toHaveLength(number.length);
        expect(masked.replaceAll('X', '').length).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe('maskId', () => {
  it.each([
    ['81934341034091431', '919812345678', '81934341034091431'],
    ['0a1b2c3d-4e5f-6789-abcd-ef0123456789', null, '0a1b2c3d-4e5f-6789-abcd-ef0123456789'],
    ['wamid.HBgMOTE5ODEyMzQ1Njc4FQIA', null, 'wamid.HBgM•••••••••••••••••••A'],
  ])('writes %s, of %s, as %s', (id, number, masked) => {
    expect(maskId(id, number)).toBe(masked);
  });
});

describe('maskUrl', () => {
  it.each([
    ['https://example.com/dlr?mobile=919812345678', 'https://example.com/dlr?…'],
    ['https://example.com/dlr', 'https://example.com/dlr'],
    ['https://user:pa%20ss@example.com/dlr#part', 'https://…@example.com/dlr?…'],
    ['/v1/deliveries?mobileNumber=919812345678', '/v1/deliveries?…'],
    ['/people/me@example.com', '/people/me@example.com'],
    ['not a url', 'not a url'],
  ])('writes %s as %s', (url, masked) => {
    expect(maskUrl(url)).toBe(masked);
  });

  it('lets nothing of a query through', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\/[a-z0-9/@.]{0,20}$/), fc.string(), (url, query) => {
        expect(maskUrl(`${url}?${query}`)).toBe(maskUrl(`${url}?`));
      }),
    );
  });
});
