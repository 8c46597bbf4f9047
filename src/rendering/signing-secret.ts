import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** Standard Webhooks' signatures by their identifiers: HMAC-SHA256 with a shared secret, Ed25519 with a key pair. */
export const signatureKinds = ['v1', 'v1a'] as const;
export type SignatureKind = (typeof signatureKinds)[number];

const shared = 'whsec_';
const privatePart = 'whsk_';
const publicPart = 'whpk_';
const bytesOfOwn = { least: 24, most: 64 } as const;
const seedBytes = 32;
// RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8 and in SPKI.
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiLength = 12;

/** A new secret: `whsec_` and 24 random bytes in base64, or `whsk_` and the private and the public key. */
export function createSecret(kind: SignatureKind = 'v1'): string {
  if (kind === 'v1') return shared + randomBytes(bytesOfOwn.least).toString('base64');
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-seedBytes);
  return privatePart + Buffer.concat([seed, publicBytes(privateKey)]).toString('base64');
}

/** Why a text cannot be a signing secret of somebody's own, without showing it; `null` if it can. */
export function secretProblem(secret: string): string | null {
  const isPrivate = secret.startsWith(privatePart);
  if (!isPrivate && !secret.startsWith(shared)) {
    const isPublic = secret.startsWith(publicPart) ? ': whpk_ is the public key, which only verifies' : '';
    return `must be whsec_ (HMAC) or whsk_ (Ed25519) and base64${isPublic}.`;
  }
  const bytes = readBase64(secret.slice(secret.indexOf('_') + 1));
  if (!bytes) return 'must have base64 with its padding, and nothing else, after the first "_".';
  if (isPrivate) return keyProblem(bytes);
  const { least, most } = bytesOfOwn;
  return bytes.length >= least && bytes.length <= most
    ? null
    : `must have from ${least} to ${most} bytes, as base64 from 32 to 88 characters; it has ${bytes.length}.`;
}

function keyProblem(bytes: Buffer): string | null {
  if (bytes.length !== seedBytes && bytes.length !== 2 * seedBytes) {
    return `must have the 32 bytes of an Ed25519 private key, or these and the 32 of its public key; it has ${bytes.length}.`;
  }
  const own = publicBytes(privateKeyOf(bytes));
  return bytes.length === seedBytes || bytes.subarray(seedBytes).equals(own)
    ? null
    : 'must have a private key and its own public key; the second half belongs to another.';
}

/** The `whpk_…` that verifies what a `whsk_…` signs; `null` for a shared secret. */
export function publicKeyOf(secret: string): string | null {
  if (!secret.startsWith(privatePart)) return null;
  return publicPart + publicBytes(ed25519KeyOf(secret)).toString('base64');
}

export function isEd25519(secret: string): boolean {
  return secret.startsWith(privatePart);
}

/** @throws TypeError for what is no `whsk_…`; the message does not show it */
export function ed25519KeyOf(secret: string): KeyObject {
  const bytes = readBase64(secret.slice(privatePart.length));
  if (!bytes || keyProblem(bytes) !== null) throw new TypeError('A private key is whsk_ and base64.');
  return privateKeyOf(bytes);
}

function privateKeyOf(bytes: Buffer): KeyObject {
  const der = Buffer.concat([pkcs8, bytes.subarray(0, seedBytes)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spkiLength);
}

function readBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : null;
}
