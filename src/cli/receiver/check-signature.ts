import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ReceivedRequest } from '../../receiver/receiver.ts';

export type SignatureVerdict = 'valid' | 'missing' | 'wrong' | 'too old or too new';

const toleranceMs = 5 * 60_000;
const secretPrefix = 'whsec_';

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
 * @param secret `whsec_…`
 * @see https://www.standardwebhooks.com
 */
export function checkSignature(request: ReceivedRequest, secret: string): SignatureVerdict {
  const id = request.headers['webhook-id'];
  const timestamp = request.headers['webhook-timestamp'];
  const signatures = request.headers['webhook-signature'];
  if (!id || !timestamp || !signatures) return 'missing';
  const expected = createHmac('sha256', Buffer.from(secret.slice(secretPrefix.length), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(signedContent(request))
    .digest('base64');
  if (!signatures.split(' ').some((signature) => sameText(signature, `v1,${expected}`))) return 'wrong';
  const isTimely = Math.abs(request.arrivedAt - Number(timestamp) * 1000) <= toleranceMs;
  return isTimely ? 'valid' : 'too old or too new';
}
