import type { MobileFormat } from '../core/webhook.ts';

const digits = /^\d+$/;
/** What people and phone books put between digits; the second half are marks that do not show. */
const punctuation = /[\s()+./\u00ad\u2010-\u2015\u2212-]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Writes a phone number as a webhook asks: `digits` → `919812345678`, `e164` → `+919812345678`.
 *
 * - An international prefix written as `00` is dropped.
 * - Anything that is not digits and punctuation is sent as it came: a sender's name (`AD-HDFCBK`), a masked number
 *   (`9198******78`), a BSUID.
 * - A national number (`0981…`) cannot be E.164 without knowing its country and gets no `+`.
 */
export function formatMobile(number: string, format: MobileFormat): string {
  let bare = number;
  if (!digits.test(bare)) {
    bare = number.replace(punctuation, '');
    if (!digits.test(bare)) return number;
  }
  if (bare.startsWith('00')) bare = bare.replace(/^0+(?=.)/, '');
  return format === 'e164' && !bare.startsWith('0') ? `+${bare}` : bare;
}
