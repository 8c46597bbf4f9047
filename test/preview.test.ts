import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReceivedRequest } from '../src/receiver/receiver.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

interface TrialRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
}

interface TrialAnswer {
  readonly request: TrialRequest;
  readonly response: {
    readonly statusCode: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    readonly truncated: boolean;
  } | null;
  readonly error: { readonly class: string } | null;
  readonly durationMs: number;
}

let gateway: GatewayFixture;
let receiver: Receiver;
beforeAll(async () => {
  gateway = await openGateway();
  receiver = await createReceiver();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
});

const dlrNames = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};
const message = { type: 'text', text: { body: 'नमस्ते & "hi" 🙂' } };
const kinds = [
  {
    product: 'sms',
    reportType: 'dlr',
    parameterNames: dlrNames,
    event: { status: 'delivered', errorCode: '000' },
  },
  {
    product: 'whatsapp',
    reportType: 'dlr',
    parameterNames: dlrNames,
    event: { status: 'read', errorCode: '000' },
  },
  { product: 'whatsapp', reportType: 'mo', parameterNames: {}, event: { message, profileName: 'आशा' } },
];
const cases = kinds.flatMap((kind) => ['GET', 'POST', 'JSON', 'XML'].map((method) => ({ ...kind, method })));

/** What was shown or received, without what differs from one request to the next. */
function comparable(request: TrialRequest) {
  const { method, url, headers, body } = request;
  return {
    method,
    url,
    body: body ?? '',
    headers: headers.map(([name, value]) => (name.startsWith('webhook-') ? [name] : [name, value])),
  };
}

/** A received request in the form of a preview, without what the connection adds. */
function asShown({ method, path, rawHeaders, body }: ReceivedRequest): TrialRequest {
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (!['host', 'connection', 'content-length'].includes(name)) headers.push([name, value]);
  }
  return { method, url: receiver.url + path, headers, body: body.toString() };
}

it.each(cases)(
  'preview, test and delivery of a $product $reportType by $method are the same bytes',
  async ({ event, ...kind }) => {
    const accountId = await gateway.createAccount();
    const webhook = {
      ...kind,
      url: `${receiver.url}/a?b=%20`,
      customParameters: [{ name: 'note', value: 'a+b & <c>' }],
      customHeaders: [{ name: 'X-Api-Key', value: 'a long secret' }],
    };
    const whole = {
      messageId: 'm+1',
      mobileNumber: '919812345678',
      receivedTime: '2026-11-22T10:15:30.000Z',
      ...(kind.product === 'whatsapp' && { productUniqueId: '919999999999' }),
      transactionId: null,
      deliveredTime: null,
      readTime: null,
      userId: null,
      ...event,
    };
    const before = receiver.requests.length;
    const preview = await gateway.api<TrialRequest>('POST', '/v1/webhooks/preview', {
      accountId,
      ...webhook,
      event: whole,
    });
    expect(preview.status).toBe(200);
    expect(receiver.requests).toHaveLength(before);

    const unsaved = await gateway.api<TrialAnswer>('POST', '/v1/webhooks/test', {
      accountId,
      ...webhook,
      event: whole,
    });
    expect(unsaved.body).toMatchObject({
      response: { statusCode: 200, body: 'OK', truncated: false },
      error: null,
    });
    const tested = await receiver.next();
    // What a test shows is what went out, signature and all.
    expect(unsaved.body.request).toEqual({
      ...asShown(tested),
      body: tested.method === 'GET' ? null : tested.body.toString(),
    });
    expect(tested.headers['webhook-id']).toMatch(/^test_/);

    const { id } = await gateway.createWebhook(accountId, webhook);
    const saved = await gateway.api<TrialAnswer>('POST', `/v1/webhooks/${id}/test`, { event: whole });
    const testedSaved = await receiver.next();
    expect(saved.body.request.headers).toContainEqual(['X-Api-Key', '••••et']);

    const { product, reportType } = kind;
    await gateway.accept({ accountId, product, reportType, ...whole });
    const delivered = await receiver.next();
    for (const request of [tested, testedSaved, delivered])
      expect(comparable(asShown(request))).toEqual(comparable(preview.body));
  },
);

it('shows the sample of the product where no event is given, and refuses a wrong one at its place', async () => {
  const webhook = {
    product: 'sms',
    reportType: 'dlr',
    method: 'JSON',
    parameterNames: dlrNames,
    url: receiver.url,
  };
  const preview = await gateway.api<TrialRequest>('POST', '/v1/webhooks/preview', webhook);
  expect(preview.body.body).toBe(
    '{"txn_id":"81934341034091431","msg_id":"shdgMj33hk8","error_code":"000","mobile":"919812345678",' +
      '"received_time":"2026-11-22T10:15:30.000Z","delivered_time":"2026-11-22T10:15:33.000Z"}',
  );
  const wrong = await gateway.api('POST', '/v1/webhooks/preview', { ...webhook, event: { part: 'two' } });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'event.part' }] } });
});
