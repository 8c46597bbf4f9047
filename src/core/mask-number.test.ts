import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalNumber } from '../shared/normal-number.ts';
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

  it.each([
    ['32950864', 'at 100 %32950864'],
    ['32950864', 'at 100 %2532950864.'],
    ['20919812', 'of%20919812'],
    ['5798123456', 'no. &#5798123456;'],
    ['39812345678', String.raw`x\x39812345678`],
  ])('hides %s where its first digits look like an encoded one, in %j', (number, text) => {
    expect(createNumberMask([number]).text(text)).not.toContain(number);
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

  describe('in another spelling', () => {
    const reference = (digit: string) => `&#${digit.charCodeAt(0)};`;
    const hex = (digit: string) => digit.charCodeAt(0).toString(16);
    const spellings: Readonly<Record<string, (digit: string) => string>> = {
      'percent-encoded': (digit) => `%${hex(digit)}`,
      'percent-encoded twice': (digit) => `%25${hex(digit)}`,
      'decimal references': reference,
      'hexadecimal references': (digit) => `&#x${hex(digit)};`,
      'references with zeros': (digit) => `&#00${digit.charCodeAt(0)};`,
      'references in references': (digit) => reference(digit).replace('&', '&amp;'),
      escapes: (digit) => `\\u00${hex(digit)}`,
      'escapes in JSON in JSON': (digit) => `\\\\\\\\u00${hex(digit)}`,
      'short escapes': (digit) => `\\x${hex(digit)}`,
      'wide digits': (digit) => String.fromCharCode(0xff10 + Number(digit)),
      'Arabic digits': (digit) => String.fromCharCode(0x0660 + Number(digit)),
      'Devanagari digits': (digit) => String.fromCharCode(0x0966 + Number(digit)),
      'mathematical digits': (digit) => String.fromCodePoint(0x1d7ce + Number(digit)),
      keycaps: (digit) => `${digit}\ufe0f\u20e3`,
      'a dash between': (digit) => `${digit}\u2011`,
      'an underscore between': (digit) => `${digit}_`,
      'an encoded blank between': (digit) => `${digit}&#160;`,
      'an escaped blank between': (digit) => `${digit}\\u0020`,
      'nothing that one sees between': (digit) => `${digit}\u200b`,
    };
    const { text } = createNumberMask(['919812345678']);

    it.each(Object.entries(spellings))('%s: shows the last four digits', (_name, spell) => {
      const shown = text(`{"to":"${[...'+919812345678'].map((c) => (c === '+' ? c : spell(c))).join('')}"}`);
      const last = [...'5678'].map(spell).join('');
      expect(shown.replaceAll(/[\ufe0f\u20e3\u2011_\u200b]|&#160;|\\u0020/g, '')).toBe(
        `{"to":"+••••••••${last}"}`.replaceAll(/[\ufe0f\u20e3\u2011_\u200b]|&#160;|\\u0020/g, ''),
      );
      const other = [...'919812345679'].map(spell).join('');
      expect(text(other)).toBe(other);
    });

    it.each([
      '\u2066+91\u2069 98123\u206645678',
      '+91（98123）45678',
      '91．98123／45678',
      '91~98123〜45678',
      '91 - - 98123 • 45678',
      '9\ufe0e1\ufe0e98123\u{e0020}45678',
      '[91]{98123}45678',
    ])('as a field is read: what may stand between its digits hides none, as in %j', (given) => {
      expect(normalNumber(given)).toBe('919812345678');
      expect(digitsOf(text(`call ${given}!`))).toBe('5678');
    });

    it('mixed with others, the same', () => {
      expect(text('9%31&#57;8\\u00312-345678')).toBe('••••••-••5678');
    });

    it.each([
      ['393139383132333435363738', '••••••••••••••••••••••••'],
      ['x=39 31 39 38 31 32 33 34 35 36 37 38.', 'x=•••••••••••••••••••••••••••••••••••.'],
      ['0x39, 0x31, 0x39, 0x38, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38', /^•+$/],
      ['39;31_39;38_31;32_33;34_35;36_37;38', /^•+$/],
      ['=39=31=39=38=31=32=33=34=35=36=37=38', /^=•+$/],
      ['%u0039%u0031%u0039%u0038%u0031%u0032%u0033%u0034%u0035%u0036%u0037%u0038', /^•+$/],
      [Buffer.from('919812345678', 'utf16le').swap16().toString('hex'), '•'.repeat(48)],
      [Buffer.from('919812345678', 'utf16le').toString('hex'), `${'•'.repeat(46)}00`],
      [`0x${(919_812_345_678).toString(16)}`, '0x••••••••••'],
      [(9_812_345_678).toString(16).toUpperCase(), '•••••••••'],
    ])('in hexadecimal it is hidden altogether: %s', (given, shown) => {
      expect(text(given)).toEqual(shown instanceof RegExp ? expect.stringMatching(shown) : shown);
    });

    it.each(['393139383132333435363739', 'd6290c30ef', 'deadbeefcafe'])('%s is another one', (given) => {
      expect(text(given)).toBe(given);
    });
  });

  it('hides each of many numbers that end alike', () => {
    const alike = Array.from({ length: 40 }, (_, n) => `${100 + n}12345678`);
    const { text } = createNumberMask(alike);
    for (const digits of alike) expect(text(`to ${digits}.`)).toBe('to •••••••5678.');
  });

  it('costs what the length of a text says, whatever its shape', () => {
    const numbers = Array.from({ length: 500 }, (_, n) => `9198${12_345_678 + n * 7_919}`);
    const { text } = createNumberMask(numbers);
    const shapes = [
      ...[
        '1',
        '12345678',
        '%',
        '%25',
        '%2525252539',
        '&',
        '&amp;',
        '&#0000000',
        '\\',
        '\\u003',
        '39',
        '0x39, ',
        '0039',
        '=39;_',
      ],
      ...['abcdef0 ', 'f', ' ', '1   ', '1\u2066\u2066\u2066\u2066', '\u0669', '𝟗', 'MTIz', `${numbers[3]} `],
      Buffer.from(numbers[3] ?? '').toString('base64'),
    ];
    const cpuMs = (given: string) => {
      const before = process.threadCpuUsage();
      text(given);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1_000;
    };
    for (const shape of shapes) {
      const of = (length: number) => shape.repeat(Math.ceil(length / shape.length));
      const short = Math.min(cpuMs(of(16 * 1024)), cpuMs(of(16 * 1024)));
      const long = cpuMs(of(512 * 1024));
      // 32 times the length; what is quadratic takes 1,024 times.
      expect(long, shape).toBeLessThan(Math.max(short, 1) * 250);
    }
  });

  it('shows the last four digits of a number that stands alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[1-9][0-9]{4,14}$/), (number) => {
        const masked = createNumberMask([number]).text(number);
        expect(digitsOf(masked)).toBe(number.slice(-4));
        expect(maskToLastDigits(number)).toBe(masked);
      }),
    );
    expect(maskToLastDigits('٩١٩٨١٢٣٤٥٦٧٨')).toBe('••••••••٥٦٧٨');
  });
});
