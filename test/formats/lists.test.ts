import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Formats, openFormats, tricky, verify, wabaNumber, xmlDeclaration } from './deliver-one.ts';

let formats: Formats;
beforeAll(async () => {
  formats = await openFormats();
});
afterAll(() => formats[Symbol.asyncDispose]());

interface Shown {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
}
interface Tried {
  readonly request: Shown;
  readonly error: unknown;
}

const settings = { batch: { maxItems: 50, maxWaitMs: 0 } };
const customParameters = [{ name: 'note', value: tricky.text }];
const dlr = {
  product: 'sms',
  reportType: 'dlr',
  parameterNames: {
    transactionId: 'txn_id',
    messageId: 'msg_id',
    errorCode: 'error_code',
    mobileNumber: 'mobile',
    receivedTime: 'received_time',
    deliveredTime: 'delivered_time',
  },
};
const report = {
  transactionId: '18446744073709551617',
  messageId: 'm<1>',
  part: null,
  status: 'delivered',
  errorCode: '000',
  mobileNumber: '919812345678',
  receivedTime: '2026-11-22T10:15:30.000Z',
  deliveredTime: null,
};
const mo = { product: 'whatsapp', reportType: 'mo', parameterNames: {} };
const message = {
  productUniqueId: wabaNumber,
  messageId: 'wamid.1',
  mobileNumber: '919812345678',
  userId: null,
  profileName: 'Asha',
  receivedTime: '2026-11-22T10:15:30.000Z',
  message: { type: 'text', text: { body: 'Hi' } },
};

const cases = [
  {
    what: 'a delivery report by JSON',
    webhook: { ...dlr, method: 'JSON' },
    event: report,
    body:
      '[{"txn_id":"18446744073709551617","msg_id":"m<1>","error_code":"000","mobile":"919812345678",' +
      `"received_time":"2026-11-22T10:15:30.000Z","delivered_time":null,"note":"${tricky.json}"}]`,
  },
  {
    what: 'a delivery report by XML',
    webhook: { ...dlr, method: 'XML' },
    event: report,
    body:
      `${xmlDeclaration}<dlrs><dlr><txn_id>18446744073709551617</txn_id><msg_id>m&lt;1&gt;</msg_id>` +
      '<error_code>000</error_code><mobile>919812345678</mobile>' +
      '<received_time>2026-11-22T10:15:30.000Z</received_time><delivered_time/>' +
      `<note>${tricky.xml}</note></dlr></dlrs>`,
  },
  {
    what: "an inbound message as Meta's object by JSON",
    webhook: { ...mo, method: 'JSON' },
    event: message,
    body:
      `[{"messaging_product":"whatsapp","metadata":{"display_phone_number":"${wabaNumber}"},` +
      '"contacts":[{"profile":{"name":"Asha"},"wa_id":"919812345678"}],' +
      '"messages":[{"from":"919812345678","id":"wamid.1","timestamp":"1795342530","type":"text",' +
      `"text":{"body":"Hi"}}],"note":"${tricky.json}"}]`,
  },
  {
    what: 'an inbound message by XML',
    webhook: { ...mo, method: 'XML' },
    event: message,
    body:
      `${xmlDeclaration}<mos><mo><wabaNumber>${wabaNumber}</wabaNumber><messageId>wamid.1</messageId>` +
      '<mobileNumber>919812345678</mobileNumber><profileName>Asha</profileName>' +
      '<receivedTime>2026-11-22T10:15:30.000Z</receivedTime><type>text</type><text>Hi</text>' +
      `<message>{"type":"text","text":{"body":"Hi"}}</message><note>${tricky.xml}</note></mo></mos>`,
  },
];

describe.each(cases)('for a webhook with batches, $what', ({ webhook, event, body }) => {
  const whole = { ...webhook, customParameters, settings };

  it('is a list in the preview, and sends nothing', async () => {
    const { gateway, receiver } = formats;
    const before = receiver.requests.length;
    const input = { ...whole, url: receiver.url, event };
    const preview = await gateway.api<Shown>('POST', '/v1/webhooks/preview', input);
    expect(preview).toMatchObject({ status: 200, body: { body } });
    expect(receiver.requests).toHaveLength(before);
  });

  it('is a list in a test before saving, in a test after, and when delivered', async () => {
    const { gateway, receiver } = formats;
    const unsaved = { ...whole, url: receiver.url, event };
    const tried = await gateway.api<Tried>('POST', '/v1/webhooks/test', unsaved);
    expect(tried).toMatchObject({ status: 200, body: { request: { body }, error: null } });
    expect((await receiver.next()).body.toString()).toBe(body);

    const { product, reportType } = webhook;
    const delivered = await formats.deliver({ ...whole, path: '/' }, { product, reportType, ...event });
    expect(delivered.request.body.toString()).toBe(body);
    verify(delivered);

    const { webhookId } = await gateway.delivery(delivered.deliveryId);
    const saved = await gateway.api<Tried>('POST', `/v1/webhooks/${webhookId}/test`, { event });
    expect(saved).toMatchObject({ status: 200, body: { request: { body }, error: null } });
    const request = await receiver.next();
    expect(request.body.toString()).toBe(body);
    verify({ request, secret: delivered.secret });
  });
});

it('refuses batches where they cannot be, at their place', async () => {
  const { gateway, receiver } = formats;
  const refused = async (changes: object) => {
    const input = { ...dlr, method: 'JSON', url: receiver.url, ...changes };
    const { status, body } = await gateway.api<{ errors: { path: string; message: string }[] }>(
      'POST',
      '/v1/webhooks/preview',
      input,
    );
    return { status, errors: body.errors };
  };
  expect(await refused({ method: 'POST', settings })).toEqual({
    status: 422,
    errors: [{ path: 'settings.batch', message: 'is for the methods JSON and XML only.' }],
  });
  expect(await refused({ settings: { batch: { maxItems: 501, maxWaitMs: -1 } } })).toEqual({
    status: 422,
    errors: [
      { path: 'settings.batch.maxItems', message: 'must be from 2 to 500.' },
      { path: 'settings.batch.maxWaitMs', message: 'must be from 0 to 60000.' },
    ],
  });
});
