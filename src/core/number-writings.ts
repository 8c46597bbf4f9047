/**
 * The whole numbers, with their country code, by which networks and people write the number of one person. Most have one;
 * where a country put a digit into its mobile numbers, or has one that is written from abroad alone, old and new go on side by
 * side: WhatsApp's `wa_id` of a Brazilian may lack the ninth digit that an SMS centre has for the same phone.
 */

/** What of a number's digits says what. */
export interface NumberParts {
  /** So many first digits go where it is written without its country. */
  readonly code: number;
  /** So many last digits are the least that stand for it. */
  readonly fewest: number;
}

/** Of eight digits or more a number is recognised in any text. */
export const recognisedDigits = 8;

/** @param whole in its normal form. @returns itself first */
export function writingsOf(whole: string): readonly string[] {
  for (const { pattern, all } of countries) {
    const found = pattern.exec(whole);
    if (found) return [...new Set([whole, ...all(found.slice(1).filter((part) => part !== undefined))])];
  }
  return [whole];
}

/**
 * A number in all of its writings, and each as it is at home: with a zero in the place of its country code, or nothing; and
 * with that zero behind the country code (`4407911…`).
 */
export function formsOf(whole: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const writing of writingsOf(whole)) {
    forms.add(writing);
    const { code } = partsOf(writing);
    const [abroad, home] = [writing.slice(0, code), writing.slice(code)];
    if (home.length < recognisedDigits) continue;
    forms.add(home).add(`0${home}`);
    if (abroad !== zeroMatters) forms.add(`${abroad}0${home}`);
  }
  return forms;
}

/** In Italy the zero is a part of the number: without it, it is another one. */
const zeroMatters = '39';

/**
 * What the field of a number may have had that is known by its hash alone: a form of it, or what platforms write there that is
 * no number, Twilio's `whatsapp:+91…` and WhatsApp's own `…@s.whatsapp.net`.
 */
export function fieldsOf(whole: string): ReadonlySet<string> {
  const fields = new Set(formsOf(whole));
  for (const writing of writingsOf(whole)) {
    for (const scheme of ['whatsapp', 'tel', 'sms'])
      fields.add(`${scheme}:+${writing}`).add(`${scheme}:${writing}`);
    for (const host of ['s.whatsapp.net', 'c.us']) fields.add(`${writing}@${host}`);
  }
  return fields;
}

/** @param whole one of a number's writings */
export function partsOf(whole: string): NumberParts {
  const fewest = argentine15
    .exec(whole)
    ?.slice(1)
    .find((local) => local !== undefined)?.length;
  const code = (beforeHome.exec(whole) ?? countryCode.exec(whole))?.[0].length ?? 0;
  return { code, fewest: fewest ?? recognisedDigits };
}

interface Country {
  readonly pattern: RegExp;
  /** All writings, of what the pattern's groups have found. */
  all(parts: readonly string[]): readonly string[];
}

const countries: readonly Country[] = [
  // Mexico: `1` stood before mobile numbers, from abroad alone, until 2019. No number at home begins with it.
  { pattern: /^521?([2-9]\d{9})$/, all: ([home]) => [`52${home}`, `521${home}`] },
  // Brazil: the ninth digit was put before mobile numbers of eight, which began with 6 to 9. What begins with less is a landline.
  {
    pattern: /^55([1-9]{2})9?([6-9]\d{7})$/,
    all: ([area, rest]) => [`55${area}${rest}`, `55${area}9${rest}`],
  },
  // Argentina: `9` stands before mobile numbers from abroad, `15` behind their area (11, or three or four digits) at home.
  { pattern: /^549?(11\d{8}|[23]\d{9})$/, all: ([home = '']) => inArgentina(home) },
  {
    pattern: /^54(?:(11)15(\d{8})|([23]\d{2})15(\d{7})|([23]\d{3})15(\d{6}))$/,
    all: ([area = '', rest = '']) => inArgentina(area + rest),
  },
  // Benin: `01` was put before all numbers at the end of 2024.
  { pattern: /^229(?:01)?(\d{8})$/, all: ([rest]) => [`229${rest}`, `22901${rest}`] },
  // Russia and Kazakhstan: `8` stands before numbers at home. No country's numbers of eleven digits begin so.
  { pattern: /^[78]([79]\d{9})$/, all: ([home]) => [`7${home}`, `8${home}`] },
];

function inArgentina(home: string): string[] {
  const areas = home.startsWith('11') ? [2] : [3, 4];
  const with15 = areas.map((area) => `54${home.slice(0, area)}15${home.slice(area)}`);
  return [`54${home}`, `549${home}`, ...with15];
}

/** What is dialled where there is no area: `15` and the rest. */
const argentine15 = /^54(?:11(15\d{8})|[23]\d{2}(15\d{7})|[23]\d{3}(15\d{6}))$/;

/** What stands before numbers beside their country code, or in its place. */
const beforeHome = /^(?:521(?=[2-9]\d{9}$)|8(?=[79]\d{9}$))/;

/** The country codes of one digit and of two; all others have three. */
const countryCode = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;
