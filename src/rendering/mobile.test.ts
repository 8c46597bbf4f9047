import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/rendering.ts';
import { formatMobile } from './mobile.ts';

describe('mobile numbers', () => {
  it.each([
    ['919812345678', '919812345678', '+919812345678'],
    ['+91 98123-45678', '919812345678', '+919812345678'],
    ['00919812345678', '919812345678', '+919812345678'],
    ['+1 (631) 555.8151', '16315558151', '+16315558151'],
    ['\u202a+250\u00a0788\u00a0123\u00a0200\u202c', '250788123200', '+250788123200'],
    ['09812345678', '09812345678', '09812345678'],
    ['000', '0', '0'],
    ['0000919812345678', '919812345678', '+919812345678'],
    ['٩١٩٨١٢٣٤٥٦٧٨', '919812345678', '+919812345678'],
    ['＋９１ ９８１２３ ４５６７８', '919812345678', '+919812345678'],
  ])('writes %s as digits and as E.164', (number, digits, e164) => {
    expect(formatMobile(number, 'digits')).toBe(digits);
    expect(formatMobile(number, 'e164')).toBe(e164);
  });

  it.each(['AD-HDFCBK', 'IN.13491208655302741918', '9198******78', '*121#', '', '+', ' - '])(
    'sends %j as it is',
    (number) => {
      expect(formatMobile(number, 'digits')).toBe(number);
      expect(formatMobile(number, 'e164')).toBe(number);
    },
  );

  it('changes nothing that is already in its format', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.stringMatching(/^[0-9 +()-]*$/)), (number) => {
        for (const format of ['digits', 'e164'] as const) {
          const once = formatMobile(number, format);
          expect(formatMobile(once, format)).toBe(once);
        }
      }),
    );
  });
});
