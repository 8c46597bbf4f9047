import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wayBack } from './way-back.ts';

const origin = 'https://hooks.example';

describe('the way back after signing in', () => {
  it('is the page with its filters', () => {
    expect(wayBack('/a/acme/deliveries?state=failed#top', origin)).toBe(
      '/a/acme/deliveries?state=failed#top',
    );
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
    ' /accounts',
  ])('never leads elsewhere: %j', (to) => {
    expect(wayBack(to, origin)).toBeNull();
  });

  it('never leads elsewhere, whatever is in the address', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '?',
      '#',
      '\t',
      '\n',
      '%2f',
      'evil.example',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const back = wayBack(`/${pieces.join('')}`, origin);
        if (back !== null) expect(new URL(back, origin).origin).toBe(origin);
      }),
    );
  });

  it('is not a page for those who are signed out', () => {
    expect(wayBack('/sign-in?to=/accounts', origin)).toBeNull();
    expect(wayBack(undefined, origin)).toBeNull();
  });
});
