import type { ProductId } from './products/product-id.ts';

/** SMPP's words (3.4, appendix B and `message_state`) that are another spelling of a status of ours. */
const smppWords: ReadonlyMap<string, string> = new Map([
  ['delivrd', 'delivered'],
  ['undeliv', 'failed'],
  ['undeliverable', 'failed'],
  ['rejectd', 'rejected'],
  ['acceptd', 'accepted'],
  ['enroute', 'sent'],
]);

/**
 * A status in the spelling in which statuses are compared: trimmed, in lower case, SMPP's words as ours (`DELIVRD` and
 * ` Delivered` are `delivered`; `EXPIRED`, `UNKNOWN` and `DELETED` are words of their own). It is for comparing alone:
 * each report's status is stored, shown and sent on as it came.
 */
export function statusKey(status: string): string {
  const word = trimmed(status).toLowerCase();
  return smppWords.get(word) ?? word;
}

const aroundWords = '[\\p{White_Space}\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\u2800]+';
const around = new RegExp(`^${aroundWords}|${aroundWords}$`, 'gu');

/** Without blanks and characters that nobody sees at its ends, as numbers are read. */
function trimmed(status: string): string {
  return isVisible(status.charCodeAt(0)) && isVisible(status.charCodeAt(status.length - 1))
    ? status
    : status.replaceAll(around, '');
}

/** Of ASCII; others are looked at. */
function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/**
 * What a status says of a message, as a status of ours where it is one: {@link statusKey}, and SMPP's `DELETED` (the SMSC
 * dropped the message) counts as `failed`. It stays apart from other failures where two reports are compared, and
 * WhatsApp's `deleted` says that a message was taken back.
 */
export function statusMeaning(product: ProductId, status: string): string {
  const key = statusKey(status);
  return product === 'sms' && key === 'deleted' ? 'failed' : key;
}
