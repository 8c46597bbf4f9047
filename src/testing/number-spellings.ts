import fc from 'fast-check';

/** A number with its country code. */
export const anyNumber = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.stringMatching(/^[0-9]{6,13}$/))
  .map(([first, rest]) => `${first}${rest}`);

/** The first digit of the sets in which numbers are also written: Arabic-Indic, extended, full-width, Devanagari, bold. */
const zeros = [0x30, 0x660, 0x6f0, 0xff10, 0x966, 0x1d7ce];
const marks = [
  ...[
    ' ',
    '-',
    '.',
    '/',
    '(',
    ')',
    '[',
    ']',
    '\u00a0',
    '\u202f',
    '\u2009',
    '\t',
    '\u3000',
    '（',
    '）',
    '．',
    '／',
  ],
  ...[
    '\u200b',
    '\u200e',
    '\u200f',
    '\u202a',
    '\u202c',
    '\u2066',
    '\u2069',
    '\u00ad',
    '\ufeff',
    '\u2060',
    '\ufe0f',
  ],
  ...['\u2010', '\u2011', '\u2013', '\u2212', '\uff0d', '·', '~'],
];
const marked = fc.array(fc.constantFrom(...marks), { maxLength: 2 }).map((some) => some.join(''));
const prefix = fc.constantFrom('', '+', '00', '\uff0b', '+ ', '00 ', '\u202a+', '(+', '٠٠');

/** Any way to write a number that has its country code. */
export function spellingOf(number: string): fc.Arbitrary<string> {
  return fc
    .tuple(
      marked,
      prefix,
      fc.array(fc.tuple(fc.constantFrom(...zeros), marked), {
        minLength: number.length,
        maxLength: number.length,
      }),
    )
    .map(([before, sign, digits]) => {
      const written = digits.map(
        ([zero, after], place) => String.fromCodePoint(zero + Number(number[place])) + after,
      );
      return before + sign + written.join('');
    });
}

/** Two spellings of one number, as people mix them. */
export const twoSpellings = anyNumber.chain((number) =>
  fc.tuple(fc.constant(number), spellingOf(number), spellingOf(number)),
);
