import { createHmac } from 'node:crypto';

/** Bytes of the number key. */
export const numberKeyBytes = 32;
const hashBytes = 16;

/**
 * What is kept of a phone number where the number itself is not: it tells whether two are the same, and nothing of the
 * number to who lacks the key. A plain hash would: all phone numbers there are can be tried within hours.
 *
 * @param key the number key of the gateway, {@link numberKeyBytes} long
 * @param normalNumber in the form of `shared/normal-number.ts`
 * @returns HMAC-SHA-256, its first 16 bytes, in base64url (22 characters)
 */
export function numberHash(key: Uint8Array, normalNumber: string): string {
  return createHmac('sha256', key).update(normalNumber).digest().subarray(0, hashBytes).toString('base64url');
}
