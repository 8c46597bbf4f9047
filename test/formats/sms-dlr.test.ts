import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectWire,
  type Formats,
  openFormats,
  ownHeaders,
  tricky,
  verify,
  xmlDeclaration,
} from './deliver-one.ts';

let formats: Formats;
beforeAll(async () => {
  formats = await openFormats();
});
afterAll(() => formats[Symbol.asyncDispose]());

const webhook = {
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
  customParameters: [
    { name: 'tenant', value: '42' },
    { name: 'note', value: tricky.text },
    { name: 'empty', value: '' },
  ],
  customHeaders: [
    { name: 'X-Api-Key', value: 's3cret' },
    { name: 'authorization', value: 'Bearer a+b/c==' },
    { name: 'X-City', value: 'Zürich, "CH"' },
  ],
};
const customHeaders = [
  ...['X-Api-Key', 's3cret'],
  ...['authorization', 'Bearer a+b/c=='],
  ...['X-City', 'Zürich, "CH"'],
];

const delivered = {
  product: 'sms',
  reportType: 'dlr',
  transactionId: '18446744073709551617', // 2^64 + 1
  messageId: "a+b & c=d/é?<x>'",
  part: 2,
  status: 'delivered',
  errorCode: '000',
  mobileNumber: '919812345678',
  receivedTime: '2026-11-22T15:45:30+05:30',
  deliveredTime: '2026-11-22T10:15:33.250Z',
  attributes: { templateId: '1107160000000012345' },
};

const deliveredForm =
  'txn_id=18446744073709551617&msg_id=a%2Bb+%26+c%3Dd%2F%C3%A9%3F%3Cx%3E%27&error_code=000&mobile=919812345678' +
  '&received_time=2026-11-22T10%3A15%3A30.000Z&delivered_time=2026-11-22T10%3A15%3A33.250Z' +
  `&tenant=42&note=${tricky.form}&empty=`;

describe('an SMS delivery report', () => {
  it('comes as a query string by GET, after what the URL has', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'GET', path: '/dlr?key=1&x=a%20b' }, delivered), {
      method: 'GET',
      path: `/dlr?key=1&x=a%20b&${deliveredForm}`,
      headers: [...ownHeaders, ...customHeaders],
      body: '',
    });
  });

  it('comes as a form by POST, with the query of the URL left where it is', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'POST', path: '/dlr?key=1&x=a%20b' }, delivered), {
      method: 'POST',
      path: '/dlr?key=1&x=a%20b',
      headers: [
        'content-type',
        'application/x-www-form-urlencoded; charset=UTF-8',
        ...ownHeaders,
        ...customHeaders,
      ],
      body: deliveredForm,
    });
  });

  it('comes as a flat object by JSON', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'JSON', path: '/dlr' }, delivered), {
      method: 'POST',
      path: '/dlr',
      headers: ['content-type', 'application/json', ...ownHeaders, ...customHeaders],
      body:
        `{"txn_id":"18446744073709551617","msg_id":"a+b & c=d/é?<x>'","error_code":"000","mobile":"919812345678",` +
        `"received_time":"2026-11-22T10:15:30.000Z","delivered_time":"2026-11-22T10:15:33.250Z",` +
        `"tenant":"42","note":"${tricky.json}","empty":""}`,
    });
  });

  it('comes as a document by XML', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'XML', path: '/dlr' }, delivered), {
      method: 'POST',
      path: '/dlr',
      headers: ['content-type', 'application/xml', ...ownHeaders, ...customHeaders],
      body:
        `${xmlDeclaration}<dlr><txn_id>18446744073709551617</txn_id><msg_id>a+b &amp; c=d/é?&lt;x&gt;'</msg_id>` +
        '<error_code>000</error_code><mobile>919812345678</mobile>' +
        '<received_time>2026-11-22T10:15:30.000Z</received_time>' +
        '<delivered_time>2026-11-22T10:15:33.250Z</delivered_time>' +
        `<tenant>42</tenant><note>${tricky.xml}</note><empty/></dlr>`,
    });
  });
});

describe('what a report does not know', () => {
  const failed = { product: 'sms', reportType: 'dlr', messageId: 'm1', status: 'failed', errorCode: '027' };
  const bare = { ...webhook, customParameters: [], customHeaders: [] };

  it.each([
    ['GET', '?txn_id=&msg_id=m1&error_code=027&mobile=&received_time=&delivered_time=', ''],
    ['POST', '', 'txn_id=&msg_id=m1&error_code=027&mobile=&received_time=&delivered_time='],
    [
      'JSON',
      '',
      '{"txn_id":null,"msg_id":"m1","error_code":"027","mobile":null,"received_time":null,"delivered_time":null}',
    ],
    [
      'XML',
      '',
      `${xmlDeclaration}<dlr><txn_id/><msg_id>m1</msg_id><error_code>027</error_code><mobile/><received_time/><delivered_time/></dlr>`,
    ],
  ])('is sent empty by %s', async (method, query, body) => {
    const arrived = await formats.deliver({ ...bare, method, path: '/dlr' }, failed);
    expect(arrived.request.path).toBe(`/dlr${query}`);
    expect(arrived.request.body.toString()).toBe(body);
    verify(arrived);
  });
});

describe('what owners and platforms choose freely', () => {
  it('keeps names that only need encoding', async () => {
    const customParameters = [
      { name: 'a b&c', value: '~*-._' },
      { name: 'नाम', value: '1' },
    ];
    const named = { ...webhook, customHeaders: [], customParameters };
    const byGet = await formats.deliver({ ...named, method: 'GET', path: '/' }, delivered);
    expect(byGet.request.path).toContain('&a+b%26c=%7E*-._&%E0%A4%A8%E0%A4%BE%E0%A4%AE=1');
    const byJson = await formats.deliver({ ...named, method: 'JSON', path: '/' }, delivered);
    expect(byJson.request.body.toString()).toContain(',"a b&c":"~*-._","नाम":"1"}');
  });

  it('writes XML that parsers take, whatever characters an id has', async () => {
    const event = { ...delivered, transactionId: 'a\u0001b\r\n\tc]]>' };
    const arrived = await formats.deliver({ ...webhook, method: 'XML', path: '/' }, event);
    expect(arrived.request.body.toString()).toContain('<txn_id>a\ufffdb&#13;\n\tc]]&gt;</txn_id>');
    verify(arrived);
  });

  it('lets a custom content type stand in place of the own one', async () => {
    const customHeaders = [{ name: 'Content-Type', value: 'text/plain; charset=utf-8' }];
    expectWire(
      await formats.deliver(
        { ...webhook, customHeaders, customParameters: [], method: 'POST', path: '/' },
        delivered,
      ),
      {
        method: 'POST',
        path: '/',
        headers: [...ownHeaders, 'Content-Type', 'text/plain; charset=utf-8'],
        body: deliveredForm.slice(0, deliveredForm.indexOf('&tenant')),
      },
    );
  });
});
