import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectWire,
  type Formats,
  openFormats,
  ownHeaders,
  tricky,
  verify,
  wabaNumber,
  xmlDeclaration,
} from './deliver-one.ts';

let formats: Formats;
beforeAll(async () => {
  formats = await openFormats();
});
afterAll(() => formats[Symbol.asyncDispose]());

const webhook = {
  product: 'whatsapp',
  reportType: 'dlr',
  productUniqueId: wabaNumber,
  parameterNames: {
    transactionId: 'txn_id',
    messageId: 'msg_id',
    errorCode: 'error_code',
    mobileNumber: 'mobile',
    receivedTime: 'received_time',
    deliveredTime: 'delivered_time',
    readTime: 'read_time',
    status: 'status',
  },
  customParameters: [{ name: 'note', value: tricky.text }],
  customHeaders: [{ name: 'X-Api-Key', value: 's3cret' }],
  settings: { timeFormat: 'YYYY-MM-DD HH:mm:ss', timeZone: 'Asia/Kolkata', mobileFormat: 'e164' },
};

const read = {
  product: 'whatsapp',
  reportType: 'dlr',
  productUniqueId: wabaNumber,
  transactionId: '81934341034091431',
  messageId: 'wamid.HBgMOTE5ODEy+/=',
  status: 'read',
  errorCode: '000',
  mobileNumber: '+91 98123-45678',
  receivedTime: '2026-11-22T10:15:30.000Z',
  deliveredTime: '2026-11-22T10:15:33.999Z',
  readTime: '2026-11-22T18:31:00Z',
};

const readForm =
  'txn_id=81934341034091431&msg_id=wamid.HBgMOTE5ODEy%2B%2F%3D&error_code=000&mobile=%2B919812345678' +
  '&received_time=2026-11-22+15%3A45%3A30&delivered_time=2026-11-22+15%3A45%3A33&read_time=2026-11-23+00%3A01%3A00' +
  `&status=read&note=${tricky.form}`;

describe('a WhatsApp delivery report', () => {
  it('comes as a query string by GET', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'GET', path: '/wa' }, read), {
      method: 'GET',
      path: `/wa?${readForm}`,
      headers: [...ownHeaders, 'X-Api-Key', 's3cret'],
      body: '',
    });
  });

  it('comes as a form by POST', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'POST', path: '/wa' }, read), {
      method: 'POST',
      path: '/wa',
      headers: [
        'content-type',
        'application/x-www-form-urlencoded; charset=UTF-8',
        ...ownHeaders,
        'X-Api-Key',
        's3cret',
      ],
      body: readForm,
    });
  });

  it('comes as a flat object by JSON', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'JSON', path: '/wa' }, read), {
      method: 'POST',
      path: '/wa',
      headers: ['content-type', 'application/json', ...ownHeaders, 'X-Api-Key', 's3cret'],
      body:
        '{"txn_id":"81934341034091431","msg_id":"wamid.HBgMOTE5ODEy+/=","error_code":"000","mobile":"+919812345678",' +
        '"received_time":"2026-11-22 15:45:30","delivered_time":"2026-11-22 15:45:33","read_time":"2026-11-23 00:01:00",' +
        `"status":"read","note":"${tricky.json}"}`,
    });
  });

  it('comes as a document by XML', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'XML', path: '/wa' }, read), {
      method: 'POST',
      path: '/wa',
      headers: ['content-type', 'application/xml', ...ownHeaders, 'X-Api-Key', 's3cret'],
      body:
        `${xmlDeclaration}<dlr><txn_id>81934341034091431</txn_id><msg_id>wamid.HBgMOTE5ODEy+/=</msg_id>` +
        '<error_code>000</error_code><mobile>+919812345678</mobile>' +
        '<received_time>2026-11-22 15:45:30</received_time><delivered_time>2026-11-22 15:45:33</delivered_time>' +
        `<read_time>2026-11-23 00:01:00</read_time><status>read</status><note>${tricky.xml}</note></dlr>`,
    });
  });
});

describe('read time and status of a WhatsApp report', () => {
  const sent = {
    product: 'whatsapp',
    reportType: 'dlr',
    productUniqueId: wabaNumber,
    messageId: 'wamid.1',
    status: 'failed',
    errorCode: '131026',
    userId: 'IN.13491208655302741918',
  };

  it.each([
    [
      'GET',
      '?txn_id=&msg_id=wamid.1&error_code=131026&mobile=&received_time=&delivered_time=&read_time=&status=failed',
      '',
    ],
    [
      'POST',
      '',
      'txn_id=&msg_id=wamid.1&error_code=131026&mobile=&received_time=&delivered_time=&read_time=&status=failed',
    ],
    [
      'JSON',
      '',
      '{"txn_id":null,"msg_id":"wamid.1","error_code":"131026","mobile":null,"received_time":null,"delivered_time":null,"read_time":null,"status":"failed"}',
    ],
    [
      'XML',
      '',
      `${xmlDeclaration}<dlr><txn_id/><msg_id>wamid.1</msg_id><error_code>131026</error_code><mobile/><received_time/><delivered_time/><read_time/><status>failed</status></dlr>`,
    ],
  ])('are sent by %s, empty where they are not known', async (method, query, body) => {
    const arrived = await formats.deliver({ ...webhook, customParameters: [], method, path: '/wa' }, sent);
    expect(arrived.request.path).toBe(`/wa${query}`);
    expect(arrived.request.body.toString()).toBe(body);
    verify(arrived);
  });

  it('are not sent where the webhook does not name them', async () => {
    const { readTime: _, status: __, ...parameterNames } = webhook.parameterNames;
    const arrived = await formats.deliver(
      { ...webhook, parameterNames, customParameters: [], method: 'POST', path: '/' },
      sent,
    );
    expect(arrived.request.body.toString()).toBe(
      'txn_id=&msg_id=wamid.1&error_code=131026&mobile=&received_time=&delivered_time=',
    );
  });
});
