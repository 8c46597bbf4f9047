import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import { version } from '../../src/core/version.ts';
import type { ReceivedRequest } from '../../src/receiver/receiver.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';

/** Everything that people write and encodings stumble over; `tricky.form`, `.json` and `.xml` are its bytes there. */
export const tricky = {
  text: `a+b & <c> "d" 'e' 🙂 नमस्ते مرحبا`,
  form: 'a%2Bb+%26+%3Cc%3E+%22d%22+%27e%27+%F0%9F%99%82+%E0%A4%A8%E0%A4%AE%E0%A4%B8%E0%A5%8D%E0%A4%A4%E0%A5%87+%D9%85%D8%B1%D8%AD%D8%A8%D8%A7',
  json: `a+b & <c> \\"d\\" 'e' 🙂 नमस्ते مرحبا`,
  xml: `a+b &amp; &lt;c&gt; "d" 'e' 🙂 नमस्ते مرحبا`,
} as const;

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>';
export const wabaNumber = '919999999999';
/** The gateway's own headers of every request, besides the signature. */
export const ownHeaders = [
  'user-agent',
  `Hookwire/${version}`,
  'accept',
  '*/*',
  'accept-encoding',
  'identity',
] as const;

/** What went over the wire for one event, with what is needed to check its signature. */
export interface Arrived {
  readonly request: ReceivedRequest;
  readonly secret: string;
  readonly deliveryId: string;
}

/** Fields of a webhook's body, with a path of the receiver instead of the URL. */
export interface WebhookAt {
  readonly path: string;
  readonly [field: string]: unknown;
}

export interface Formats extends AsyncDisposable {
  /**
   * Gives a new account this webhook (`path` stands for the receiver's URL and it) and one event, through the API, and
   * waits for what arrives.
   */
  deliver(webhook: WebhookAt, event: object): Promise<Arrived>;
  readonly gateway: GatewayFixture;
  readonly receiver: Receiver;
}

export async function openFormats(): Promise<Formats> {
  const gateway = await openGateway();
  const receiver = await createReceiver();
  return {
    gateway,
    receiver,
    async deliver({ path, ...webhook }, event) {
      const accountId = await gateway.createAccount();
      await gateway.createSender(accountId, wabaNumber);
      const { id } = await gateway.createWebhook(accountId, { ...webhook, url: receiver.url + path });
      const answer = await gateway.accept({ accountId, ...event });
      expect(answer).toMatchObject({ accepted: 1, events: [{ result: 'accepted', deliveries: 1 }] });
      const request = await receiver.next();
      const { id: deliveryId } = await gateway.deliveryOf(answer.events[0]?.id);
      return { request, secret: await gateway.secretOf(id), deliveryId };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await receiver.close();
    },
  };
}

/** A request as a test writes it down: without what the connection and the signature add. */
export interface Wire {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Compares every byte of a request, and checks its signature with the npm package `standardwebhooks`. */
export function expectWire({ request, secret, deliveryId }: Arrived, expected: Wire): void {
  const { method, path, rawHeaders, headers, body } = request;
  expect({ method, path, body: body.toString() }).toEqual({
    method: expected.method,
    path: expected.path,
    body: expected.body,
  });
  expect(body.equals(Buffer.from(expected.body))).toBe(true);
  expect(headers['webhook-timestamp']).toMatch(/^\d{10}$/);
  expect(rawHeaders).toEqual([
    ...['host', headers.host, 'connection', 'keep-alive'],
    ...expected.headers,
    ...['webhook-id', deliveryId],
    ...['webhook-timestamp', headers['webhook-timestamp']],
    ...['webhook-signature', headers['webhook-signature']],
    ...(method === 'GET' ? [] : ['content-length', String(Buffer.byteLength(expected.body))]),
  ]);
  verify({ request, secret });
}

/** @throws when the signature is not one of this secret over the body, for GET over the raw query string */
export function verify({ request, secret }: Pick<Arrived, 'request' | 'secret'>): void {
  const signed = request.method === 'GET' ? request.path.slice(request.path.indexOf('?') + 1) : request.body;
  new Webhook(secret).verify(signed, request.headers, { jsonParse: false });
}
