import type { Event } from '../../../../core/event.ts';
import type { SampleEvent } from '../../../../core/products/product.ts';
import type { Signing } from '../../../../rendering/envelope.ts';
import { signingKey } from '../../../../rendering/sign.ts';

function header(name: string, description: string): object {
  return { name, in: 'header', required: true, description, schema: { type: 'string' } };
}

/** The headers of every request that an endpoint receives. */
export const signatureHeaders: readonly object[] = [
  header(
    'webhook-id',
    'The same for every attempt and replay of a delivery: what to tell repeats by. Of a list (`settings.batch`) it is the same ' +
      'as long as the list is; after a failure its reports may come in another one.',
  ),
  header('webhook-timestamp', 'When this attempt was signed, in seconds since the Unix epoch.'),
  header(
    'webhook-signature',
    '[Standard Webhooks](https://www.standardwebhooks.com): `v1,` and the base64 HMAC-SHA256 over `id.timestamp.body`; ' +
      'for GET the body is the raw query string. During a rotation several, separated by spaces.',
  ),
  header('user-agent', '`Hookwire/<version>`'),
];

/** What an endpoint may answer, and what that does. */
export const endpointAnswers = {
  '2XX': { description: 'Delivered, unless `settings.success` asks for more.' },
  '410': { description: 'Disables the webhook.' },
  '429': { description: 'Slows the webhook down; `Retry-After` is honoured, as with 503.' },
  default: { description: 'Anything else is tried again later. Redirects are not followed.' },
};

/** Signs examples; the signature itself is not shown. */
export const exampleSigning: Signing = {
  id: 'dlv_0a1b2c3d4e5',
  timestampSeconds: 1795342530,
  keys: [signingKey('whsec_aGVsbG8gd29ybGQ=')],
};

export function exampleEvent({ event }: SampleEvent): Event {
  return { ...event, id: 'evt_0a1b2c3d4e5', accountId: 'acc_example' };
}
