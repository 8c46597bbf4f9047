import type { MobileFormat } from '../core/webhook.ts';
import { isNumber, normalNumber } from '../shared/normal-number.ts';

/**
 * Writes a phone number as a webhook asks: `digits` → `919812345678`, `e164` → `+919812345678`.
 *
 * What is no number is sent as it came. A national number (`0981…`) cannot be E.164 without knowing its country and gets
 * no `+`.
 */
export function formatMobile(number: string, format: MobileFormat): string {
  const normal = normalNumber(number);
  if (format === 'digits' || !isNumber(normal) || normal.startsWith('0')) return normal;
  return `+${normal}`;
}
