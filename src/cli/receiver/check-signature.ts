import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { ReceivedRequest } from '../../receiver/receiver.ts';

export type SignatureVerdict = 'valid' | 'missing' | 'wrong' | 'too old or too new';

const toleranceMs = 5 * 60_000;
const secretPrefix = 'whsec_';
const publicPrefix = 'whpk_';

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What was signed: the body, or for GET the query string exactly as it came. */
function signedContent({ method, path, body }: ReceivedRequest): string | Buffer {
  if (method !== 'GET') return body;
  const query = path.indexOf('?');
  return query === -1 ? '' : path.slice(query + 1);
}

/**
 * Checks a Standard Webhooks signature the way an endpoint does.
 *
 * @param secret `whsec_…`, or `whpk_…` for what an Ed25519 key signs
 * @see https://www.standardwebhooks.com
 */
export function checkSignature(request: ReceivedRequest, secret: string): SignatureVerdict {
  const id = request.headers['webhook-id'];
  const timestamp = request.headers['webhook-timestamp'];
  const signatures = request.headers['webhook-signature'];
  if (!id || !timestamp || !signatures) return 'missing';
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(signedContent(request))]);
  const isRight = secret.startsWith(publicPrefix) ? verifier(secret, signed) : comparer(secret, signed);
  if (!signatures.split(' ').some(isRight)) return 'wrong';
  const isTimely = Math.abs(request.arrivedAt - Number(timestamp) * 1000) <= toleranceMs;
  return isTimely ? 'valid' : 'too old or too new';
}

function comparer(secret: string, signed: Buffer): (signature: string) => boolean {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  const expected = createHmac('sha256', key).update(signed).digest('base64');
  return (signature) => sameText(signature, `v1,${expected}`);
}

function verifier(publicKey: string, signed: Buffer): (signature: string) => boolean {
  const x = Buffer.from(publicKey.slice(publicPrefix.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return (signature) => {
    const [version, value = ''] = signature.split(',');
    return version === 'v1a' && verify(null, signed, key, Buffer.from(value, 'base64'));
  };
}
