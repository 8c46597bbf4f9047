import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNumberMask, digitsOf, maskToLastDigits } from './mask-number.ts';

const mask = createNumberMask(['919812345678', '54321', '1234']);

describe('a mask of phone numbers', () => {
  it.each([
    ['919812345678', '••••••••5678'],
    ['+919812345678', '+••••••••5678'],
    ['00919812345678', '00••••••••5678'],
    ['09812345678', '0••••••5678'],
    ['+91 98123-45678', '+•• •••••-•5678'],
    ['(+91) 9812 345 678', '(+••) •••• ••5 678'],
    ['mobile=%2B919812345678&x=1', 'mobile=%2B••••••••5678&x=1'],
    ['mobile=91%2098123%2045678', 'mobile=••%20•••••%20•5678'],
    ['text=call+98123+45678', 'text=call+•••••+•5678'],
    ['{"to":919812345678,"n":7}', '{"to":••••••••5678,"n":7}'],
    ['919812345678,919812345678', '••••••••5678,••••••••5678'],
    ['x919812345678y', 'x••••••••5678y'],
    ['order 17 919812345678', 'order 17 ••••••••5678'],
    ['919812345678 17:30', '••••••••5678 17:30'],
    ['919812345678901', '••••••••5678901'],
  ])('hides the number in %s', (text, shown) => {
    expect(mask.text(text)).toBe(shown);
  });

  it.each([
    '',
    'no digits',
    '919812345679',
    '5678',
    '2026-11-22T10:15:30.000Z',
    '98765',
    '1234',
    '154321',
    '543210',
  ])('leaves %j as it is', (text) => {
    expect(mask.text(text)).toBe(text);
  });

  it('hides a short number only where it stands alone', () => {
    expect(mask.text('from 54321.')).toBe('from •4321.');
    expect(mask.text('+54321')).toBe('+•4321');
    expect(mask.text('0054321')).toBe('•••4321');
  });

  it('never leaves the digits of a number in a text, however it is written', () => {
    const number = fc.stringMatching(/^[1-9][0-9]{7,14}$/);
    const between = fc.constantFrom('', '', '', ' ', '-', '.', ') ', '%20', '\u00a0');
    const written = number.chain((digits) =>
      fc.record({
        digits: fc.constant(digits),
        text: fc
          .array(between, { minLength: digits.length, maxLength: digits.length })
          .map((gaps) => [...digits].map((digit, i) => (i === 0 ? '' : gaps[i]) + digit).join('')),
        prefix: fc.constantFrom('', '+', '00', '+00', 'tel:', '%2B'),
      }),
    );
    const around = fc.string({ unit: fc.constantFrom(...'0123456789 -+a"{}•') });
    fc.assert(
      fc.property(
        fc.array(written, { minLength: 1, maxLength: 4 }),
        around,
        around,
        (numbers, before, after) => {
          const text = numbers.map(({ prefix, text: body }) => `${before}${prefix}${body}`).join('') + after;
          const masked = createNumberMask(numbers.map(({ digits }) => digits)).text(text);
          for (const { digits } of numbers) {
            expect(masked).not.toContain(digits);
            expect(masked.replaceAll(/([ ().+\-\u00a0]|%20){1,3}(?=\d)/g, '')).not.toContain(digits);
          }
          expect(masked.length).toBe(text.length);
        },
      ),
    );
  });

  it.each([0, 1, 2])('finds a number in Base64, %i bytes behind the beginning', (before) => {
    const id = (number: string) =>
      `wamid.${Buffer.from(`${'\x11'.repeat(3 + before)}${number}\x15\x02\x00`).toString('base64')}`;
    const { text } = createNumberMask(['+919812345678']);
    const masked = text(`"id":"${id('919812345678')}"`);
    const left = Buffer.from(
      masked.replaceAll(/["\w:]*wamid\.|"/g, '').replaceAll('•', 'A'),
      'base64',
    ).toString('latin1');
    expect(left).not.toMatch(/[0-9]{3}/);
    expect(masked).toContain('wamid.');
    expect(text(id('919812445678'))).toBe(id('919812445678'));
  });

  it('never leaves a number in Base64, whatever stands around it', () => {
    const around = fc.string({ unit: fc.constantFrom('\x00', '\x18', '\x1c', '3', '9', 'A'), maxLength: 5 });
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{7,14}$/), around, around, (number, before, after) => {
        const id = Buffer.from(`${before}${number}${after}`).toString('base64');
        const shown = createNumberMask([number]).text(id).replaceAll('•', 'A');
        expect(Buffer.from(shown, 'base64').toString('latin1')).not.toContain(number.slice(2, -2));
      }),
    );
  });

  it('shows the last four digits of a number that stands alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[1-9][0-9]{4,14}$/), (number) => {
        const masked = createNumberMask([number]).text(number);
        expect(digitsOf(masked)).toBe(number.slice(-4));
        expect(maskToLastDigits(number)).toBe(masked);
      }),
    );
  });
});
