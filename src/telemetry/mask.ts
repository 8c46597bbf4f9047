import { createNumberMask } from '../core/mask-number.ts';

const keptAtStart = 4;
const keptAtEnd = 2;
const shortestWithStart = 8;

/**
 * Hides a phone number or user id, keeping its length: `9198XXXXXX78`. Of a text shorter than eight characters only
 * the last two stay, of one shorter than four nothing.
 */
export function maskNumber(text: string): string {
  const start = text.length >= shortestWithStart ? keptAtStart + (text.startsWith('+') ? 1 : 0) : 0;
  const end = text.length >= keptAtStart ? keptAtEnd : 0;
  return text.slice(0, start) + 'X'.repeat(text.length - start - end) + text.slice(text.length - end);
}

/** Nine digits or more in Base64, wherever they begin in what is encoded: no id that is random has them. */
const base64Digits = /(?:[MNO][DTjz][AEIMQUYcgk][0-5w-z]){3,}[A-Za-z0-9+/_-]{0,3}/g;

/**
 * A message's or transaction's id as it may be logged. It can be searched for, but for the phone number that it may hold:
 * the ids of WhatsApp's messages (`wamid.…`) are Base64 with the number in it, and some platforms write it into theirs.
 *
 * @param number the one that the id is likely to hold, where it is known
 */
export function maskId(id: string, number?: string | null): string {
  const known = number === undefined || number === null ? id : createNumberMask([number]).text(id);
  return known.replaceAll(base64Digits, (digits) => '•'.repeat(digits.length));
}

/**
 * A URL or path that may be logged: without its query (reports travel there in GET webhooks), its fragment and its
 * user information. Text that is no URL comes back cut in the same places.
 */
export function maskUrl(url: string): string {
  const cut = url.search(/[?#]/);
  const bare = cut === -1 ? url : `${url.slice(0, cut)}?…`;
  return bare.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1…@');
}
