import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { Event } from '../core/event.ts';
import { version } from '../core/version.ts';
import { mobileFormats, moFormats, type SendMethod, sendMethods, timeFormats } from '../core/webhook.ts';
import { anyEvent, anyText, bareEvent, renderedConfig } from '../testing/rendering.ts';
import { compileWebhook } from './compile.ts';
import { renderRequest } from './render.ts';
import { signatureHeader, signingKey } from './sign.ts';
import { createSecret } from './signing-secret.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const signing = { id: 'dlv_1', timestampSeconds: 1795342540, keys: [signingKey(secret)] };

const smsNames = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};
const received = Date.UTC(2026, 10, 22, 10, 15, 30);
const smsReport = bareEvent({
  transactionId: '81934341034091431',
  messageId: 'a/b+c',
  status: 'failed',
  errorCode: '000',
  mobileNumber: '+91 98123-45678',
  receivedTime: received,
});
const whatsappReport = bareEvent({
  product: 'whatsapp',
  productUniqueId: '919999999999',
  transactionId: '7',
  messageId: 'wamid.HBg=',
  status: 'read',
  errorCode: '000',
  mobileNumber: '919812345678',
  receivedTime: received,
  deliveredTime: received + 3_000,
  readTime: received + 60_000,
});
const inbound = bareEvent({
  product: 'whatsapp',
  reportType: 'mo',
  productUniqueId: '919999999999',
  messageId: 'wamid.A',
  mobileNumber: '919812345678',
  profileName: 'Asha & Co',
  receivedTime: received,
  message: { type: 'text', text: { body: 'Hi <b> 🙂' } },
});

const sms = { url: 'https://example.com:8443/dlr?key=a%20b#top', parameterNames: smsNames };
const whatsapp = {
  product: 'whatsapp',
  url: 'https://example.com/wa',
  parameterNames: { ...smsNames, readTime: 'read_time', status: 'status' },
  settings: { timeFormat: 'epochSeconds', mobileFormat: 'e164' },
} as const;
const mo = {
  product: 'whatsapp',
  reportType: 'mo',
  url: 'http://127.0.0.1:9000/mo',
  settings: { timeFormat: 'YYYY-MM-DD HH:mm:ss', timeZone: 'Asia/Kolkata' },
} as const;
const customParameters = [
  { name: 'tenant', value: '42' },
  { name: 'note', value: 'a&b <c>' },
];
const customHeaders = [{ name: 'X-Api-Key', value: 's3cret' }];

/** Renders with custom parameters and headers: what goes into the query or the body, and the rest. */
function render(changes: Parameters<typeof renderedConfig>[0], method: SendMethod, event: Event) {
  const config = renderedConfig({ ...changes, method, customParameters, customHeaders });
  return renderRequest(compileWebhook(config), event, signing);
}

describe('a rendered request', () => {
  const json =
    '{"txn_id":"81934341034091431","msg_id":"a/b+c","error_code":"000","mobile":"919812345678",' +
    '"received_time":"2026-11-22T10:15:30.000Z","delivered_time":null,"tenant":"42","note":"a&b <c>"}';
  const form =
    'txn_id=81934341034091431&msg_id=a%2Fb%2Bc&error_code=000&mobile=919812345678' +
    '&received_time=2026-11-22T10%3A15%3A30.000Z&delivered_time=&tenant=42&note=a%26b+%3Cc%3E';
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?><dlr><txn_id>81934341034091431</txn_id><msg_id>a/b+c</msg_id>' +
    '<error_code>000</error_code><mobile>919812345678</mobile>' +
    '<received_time>2026-11-22T10:15:30.000Z</received_time><delivered_time/>' +
    '<tenant>42</tenant><note>a&amp;b &lt;c&gt;</note></dlr>';

  it.each([
    ['POST', 'application/x-www-form-urlencoded; charset=UTF-8', form],
    ['JSON', 'application/json', json],
    ['XML', 'application/xml', xml],
  ] as const)('carries an SMS delivery report as %s', (method, contentType, body) => {
    expect(render(sms, method, smsReport)).toEqual({
      method: 'POST',
      origin: 'https://example.com:8443',
      path: '/dlr?key=a%20b',
      headers: [
        ...[
          'content-type',
          contentType,
          'user-agent',
          `Hookwire/${version}`,
          'accept',
          '*/*',
          'accept-encoding',
          'identity',
          'X-Api-Key',
          's3cret',
        ],
        ...['webhook-id', 'dlv_1', 'webhook-timestamp', '1795342540'],
        ...['webhook-signature', signatureHeader(signing.keys, 'dlv_1', 1795342540, body)],
      ],
      body,
    });
  });

  it('carries an SMS delivery report as GET, added to the query of the URL and signed with it', () => {
    const query = `key=a%20b&${form}`;
    expect(render(sms, 'GET', smsReport)).toEqual({
      method: 'GET',
      origin: 'https://example.com:8443',
      path: `/dlr?${query}`,
      headers: [
        ...[
          'user-agent',
          `Hookwire/${version}`,
          'accept',
          '*/*',
          'accept-encoding',
          'identity',
          'X-Api-Key',
          's3cret',
        ],
        ...['webhook-id', 'dlv_1', 'webhook-timestamp', '1795342540'],
        ...['webhook-signature', signatureHeader(signing.keys, 'dlv_1', 1795342540, query)],
      ],
      body: null,
    });
  });

  const whatsappForm =
    'txn_id=7&msg_id=wamid.HBg%3D&error_code=000&mobile=%2B919812345678&received_time=1795342530' +
    '&delivered_time=1795342533&read_time=1795342590&status=read&tenant=42&note=a%26b+%3Cc%3E';
  it.each([
    ['GET', whatsappForm],
    ['POST', whatsappForm],
    [
      'JSON',
      '{"txn_id":"7","msg_id":"wamid.HBg=","error_code":"000","mobile":"+919812345678","received_time":1795342530,' +
        '"delivered_time":1795342533,"read_time":1795342590,"status":"read","tenant":"42","note":"a&b <c>"}',
    ],
    [
      'XML',
      '<?xml version="1.0" encoding="UTF-8"?><dlr><txn_id>7</txn_id><msg_id>wamid.HBg=</msg_id>' +
        '<error_code>000</error_code><mobile>+919812345678</mobile><received_time>1795342530</received_time>' +
        '<delivered_time>1795342533</delivered_time><read_time>1795342590</read_time><status>read</status>' +
        '<tenant>42</tenant><note>a&amp;b &lt;c&gt;</note></dlr>',
    ],
  ] as const)('carries a WhatsApp delivery report as %s', (method, document) => {
    const { path, body } = render(whatsapp, method, whatsappReport);
    expect(method === 'GET' ? path : body).toBe(method === 'GET' ? `/wa?${document}` : document);
  });

  const moForm =
    'wabaNumber=919999999999&messageId=wamid.A&mobileNumber=919812345678&profileName=Asha+%26+Co' +
    '&receivedTime=2026-11-22+15%3A45%3A30&type=text&text=Hi+%3Cb%3E+%F0%9F%99%82' +
    '&message=%7B%22type%22%3A%22text%22%2C%22text%22%3A%7B%22body%22%3A%22Hi+%3Cb%3E+%F0%9F%99%82%22%7D%7D' +
    '&tenant=42&note=a%26b+%3Cc%3E';
  const flat = { ...mo, settings: { ...mo.settings, moFormat: 'flat' } } as const;
  it.each([
    ['GET', mo, moForm],
    ['POST', mo, moForm],
    [
      'XML',
      mo,
      '<?xml version="1.0" encoding="UTF-8"?><mo><wabaNumber>919999999999</wabaNumber><messageId>wamid.A</messageId>' +
        '<mobileNumber>919812345678</mobileNumber><profileName>Asha &amp; Co</profileName>' +
        '<receivedTime>2026-11-22 15:45:30</receivedTime><type>text</type><text>Hi &lt;b&gt; 🙂</text>' +
        '<message>{"type":"text","text":{"body":"Hi &lt;b&gt; 🙂"}}</message>' +
        '<tenant>42</tenant><note>a&amp;b &lt;c&gt;</note></mo>',
    ],
    [
      'JSON',
      flat,
      '{"wabaNumber":"919999999999","messageId":"wamid.A","mobileNumber":"919812345678","profileName":"Asha & Co",' +
        '"receivedTime":"2026-11-22 15:45:30","type":"text","text":"Hi <b> 🙂",' +
        '"message":{"type":"text","text":{"body":"Hi <b> 🙂"}},"tenant":"42","note":"a&b <c>"}',
    ],
    [
      'JSON',
      mo,
      '{"messaging_product":"whatsapp","metadata":{"display_phone_number":"919999999999"},' +
        '"contacts":[{"profile":{"name":"Asha & Co"},"wa_id":"919812345678"}],' +
        '"messages":[{"from":"919812345678","id":"wamid.A","timestamp":"1795342530","type":"text",' +
        '"text":{"body":"Hi <b> 🙂"}}],"tenant":"42","note":"a&b <c>"}',
    ],
  ] as const)('carries a WhatsApp inbound message as %s', (method, changes, document) => {
    const { origin, path, body } = render(changes, method, inbound);
    expect(origin).toBe('http://127.0.0.1:9000');
    expect(method === 'GET' ? path : body).toBe(method === 'GET' ? `/mo?${document}` : document);
  });

  it('has what custom headers accept in place of its own', () => {
    const custom = [
      { name: 'Accept', value: 'application/json' },
      { name: 'accept-encoding', value: 'gzip' },
    ];
    const { headers } = renderRequest(
      compileWebhook(renderedConfig({ customHeaders: custom })),
      smsReport,
      signing,
    );
    expect(headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())).toEqual([
      ...['content-type', 'user-agent', 'accept', 'accept-encoding'],
      ...['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    ]);
    expect(headers).toContain('application/json');
    expect(headers).toContain('gzip');
  });

  it('has the content type of a custom header in place of its own', () => {
    const custom = [{ name: 'Content-Type', value: 'application/json; charset=utf-8' }];
    const { headers } = renderRequest(
      compileWebhook(renderedConfig({ customHeaders: custom })),
      smsReport,
      signing,
    );
    expect(headers.slice(0, 8)).toEqual([
      ...[
        'user-agent',
        `Hookwire/${version}`,
        'accept',
        '*/*',
        'accept-encoding',
        'identity',
        'Content-Type',
        'application/json; charset=utf-8',
      ],
    ]);
  });
});

describe('a delivery report', () => {
  function render(event: Partial<Event>, names: Record<string, string>): string | null {
    return renderRequest(compileWebhook(renderedConfig({ parameterNames: names })), bareEvent(event), signing)
      .body;
  }

  it('has the order of the form, whatever the names', () => {
    expect(render({ transactionId: 't' }, { errorCode: '1', messageId: '9', transactionId: 'z' })).toBe(
      '{"z":"t","9":"m1","1":null}',
    );
  });

  it('says that what was read was delivered by then', () => {
    const names = { deliveredTime: 'd' };
    const readTime = received;
    expect(render({ status: 'read', readTime }, names)).toBe('{"d":"2026-11-22T10:15:30.000Z"}');
    expect(render({ status: 'played', readTime }, names)).toBe('{"d":"2026-11-22T10:15:30.000Z"}');
    expect(render({ status: ' READ', readTime }, names)).toBe('{"d":"2026-11-22T10:15:30.000Z"}');
    expect(render({ status: 'sent', readTime }, names)).toBe('{"d":null}');
    expect(render({ status: 'read' }, names)).toBe('{"d":null}');
  });

  it('has an empty number for someone who has none', () => {
    expect(render({ userId: 'IN.1349' }, { mobileNumber: 'mobile' })).toBe('{"mobile":null}');
  });
});

describe('rendering', () => {
  const keys = [signingKey(createSecret())];
  const configs = fc.record({
    method: fc.constantFrom(...sendMethods),
    reportType: fc.constantFrom('dlr' as const, 'mo' as const),
    parameterNames: fc.constant(whatsapp.parameterNames),
    customParameters: fc.array(fc.record({ name: fc.stringMatching(/^[a-z]+$/), value: anyText }), {
      maxLength: 2,
    }),
    settings: fc.record({
      timeFormat: fc.constantFrom(...timeFormats),
      timeZone: fc.constantFrom('UTC', 'Asia/Kolkata', 'Africa/Monrovia', 'Pacific/Apia'),
      mobileFormat: fc.constantFrom(...mobileFormats),
      moFormat: fc.constantFrom(...moFormats),
    }),
  });

  it('never throws, and is readable and signed, whatever the event', () => {
    fc.assert(
      fc.property(configs, anyEvent, (changes, event) => {
        const timestampSeconds = Math.floor(Date.now() / 1000);
        const compiled = compileWebhook(renderedConfig(changes));
        const request = renderRequest(compiled, event, { id: 'dlv_1', timestampSeconds, keys });
        const payload = request.body ?? request.path.slice(request.path.indexOf('?') + 1);

        expect(payload.isWellFormed()).toBe(true);
        if (changes.method === 'GET' || changes.method === 'POST') {
          expect(new URLSearchParams(payload).size).toBeGreaterThan(0);
          expect(payload).toMatch(/^[\w*.%+=&-]+$/);
        } else if (changes.method === 'JSON') {
          expect(JSON.parse(payload)).toBeTypeOf('object');
        } else {
          expect(XMLValidator.validate(payload)).toBe(true);
        }
        expect(new URL(request.origin + request.path).href).toBe(request.origin + request.path);
        expect(signatureHeader(keys, 'dlv_1', timestampSeconds, payload)).toBe(request.headers.at(-1));
      }),
      { numRuns: 500 },
    );
  });

  it('is verified by standardwebhooks, as a body and as a query', () => {
    const own = createSecret();
    const timestampSeconds = Math.floor(Date.now() / 1000);
    for (const method of sendMethods) {
      const compiled = compileWebhook(renderedConfig({ ...sms, method, customParameters }));
      const { path, headers, body } = renderRequest(compiled, smsReport, {
        ...{ id: 'dlv_1', timestampSeconds, keys: [signingKey(createSecret()), signingKey(own)] },
      });
      const signed: Record<string, string> = {};
      for (let i = 0; i < headers.length; i += 2) signed[headers[i] ?? ''] = headers[i + 1] ?? '';
      const payload = body ?? path.slice(path.indexOf('?') + 1);
      expect(() => new Webhook(own).verify(payload, signed, { jsonParse: false })).not.toThrow();
    }
  });
});
