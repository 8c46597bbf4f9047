import { type KeyObject, sign } from 'node:crypto';
import { HmacSha256 } from './hmac.ts';
import { ed25519KeyOf, isEd25519 } from './signing-secret.ts';

/**
 * https://www.standardwebhooks.com: over `id.timestamp.payload`, in base64, `v1,` HMAC-SHA256 with a shared secret or
 * `v1a,` Ed25519 with a private key.
 */
const prefix = 'whsec_';

/** A secret ready to sign with. */
export type SigningKey = { readonly hmac: HmacSha256 } | { readonly ed25519Key: KeyObject };

/**
 * Reads a secret, a shared one with or without its `whsec_`.
 * @throws TypeError for one that is not base64, or empty; the message does not show it
 */
export function signingKey(secret: string): SigningKey {
  if (isEd25519(secret)) return { ed25519Key: ed25519KeyOf(secret) };
  const encoded = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== encoded) {
    throw new TypeError('A signing secret is whsec_ and base64.');
  }
  return { hmac: new HmacSha256(bytes) };
}

/**
 * The value of `webhook-signature`: one signature per key, separated by spaces, so that receivers verify with the old
 * or the new secret while a rotation overlaps. `payload` is the body, for GET the raw query string.
 */
export function signatureHeader(
  keys: readonly SigningKey[],
  id: string,
  timestampSeconds: number,
  payload: string,
): string {
  const signed = `${id}.${timestampSeconds}.${payload}`;
  let header = '';
  for (const key of keys) header += `${header === '' ? '' : ' '}${signature(key, signed)}`;
  return header;
}

function signature(key: SigningKey, signed: string): string {
  if ('hmac' in key) return `v1,${key.hmac.sign(signed)}`;
  return `v1a,${sign(null, Buffer.from(signed), key.ed25519Key).toString('base64')}`;
}
