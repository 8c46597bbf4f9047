import fc from 'fast-check';

const blanks = fc.constantFrom('', '', '', ' ', '\n', '\r\n', '\t ', '  ');
const digits = fc.stringMatching(/^(0|[1-9]\d{0,24})$/);

/** Every number that JSON can write, those that JavaScript has in another form too. */
const number = fc.oneof(
  fc.constantFrom(
    '12345678901234567890',
    '9007199254740993',
    '30.00',
    '-0',
    '-0.0',
    '1e400',
    '1E+2',
    '0.1e-9',
    '1e-0',
  ),
  fc
    .tuple(fc.constantFrom('', '-'), digits, fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: null }))
    .map(([sign, whole, decimals]) => `${sign}${whole}${decimals === null ? '' : `.${decimals}`}`),
);

const character = fc.oneof(
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .map((text) => JSON.stringify(text).slice(1, -1)),
  fc.constantFrom(
    '\\/',
    '/',
    '\\u0041',
    '\\u00e9',
    '\\ud83d\\ude42',
    '\\ud83d',
    '\\"',
    '\\\\',
    '\\u0000',
    '\u007f',
    '\u2028',
  ),
  fc
    .constantFrom('\ufffe', '\uffff', ',"message":', ',"attributes":', '}', ']', '<&>', '%2B+ ')
    .map((text) => JSON.stringify(text).slice(1, -1)),
);

/** A text with its quotes, in any mix of escapes. */
export const textOfJson = fc.array(character, { maxLength: 6 }).map((parts) => `"${parts.join('')}"`);

/**
 * None has a backslash in it: after one that has, V8 reads other names wrongly, where they are written with escapes
 * (nodejs/node#63785), and these tests compare with what it reads.
 */
const name = fc.oneof(
  textOfJson.filter((text) => !(JSON.parse(text) as string).includes('\\')),
  fc.constantFrom(
    '"1"',
    '"10"',
    '"2"',
    '"__proto__"',
    '"constructor"',
    '"message"',
    '"id"',
    '"b\\u006fdy"',
    '""',
    '"a"',
  ),
);

const json = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    textOfJson,
    number,
    fc.constantFrom('null', 'true', 'false'),
    fc
      .tuple(fc.array(tie('value'), { maxLength: 4 }), blanks, blanks)
      .map(([items, before, after]) => `[${before}${items.join(`${after},${before}`)}${after}]`),
    tie('object'),
  ),
  // Names come twice, and in any order.
  object: fc
    .tuple(fc.array(fc.tuple(name, blanks, tie('value')), { maxLength: 5 }), blanks, blanks)
    .map(([members, before, after]) => {
      const texts = members.map(([key, blank, value]) => `${key}${blank}:${before}${value}`);
      return `{${before}${texts.join(`${after},${before}`)}${after}}`;
    }),
}));

/** Any JSON text that is an object, as somebody could write it. */
export const objectOfJson = json.object;

/** The same with a `type`, as a WhatsApp message has one. */
export const messageOfJson = fc
  .tuple(fc.constantFrom('text', 'image', 'location', 'order', 'unknown'), objectOfJson, fc.boolean(), blanks)
  .map(([type, object, isFirst, blank]) => {
    const inner = object.slice(1, -1);
    const isEmpty = inner.trim() === '';
    const member = `${blank}"type"${blank}:${blank}"${type}"${blank}`;
    if (isEmpty) return `{${member}}`;
    return isFirst ? `{${member},${inner}}` : `{${inner},${member}}`;
  });
