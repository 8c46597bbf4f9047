import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { version } from '../core/version.ts';
import { moFormats, timeFormats } from '../core/webhook.ts';
import { anyEvent, anyText, bareEvent, renderedConfig } from '../testing/rendering.ts';
import { compileWebhook } from './compile.ts';
import { renderBatch, renderRequest } from './render.ts';
import { signatureHeader, signingKey } from './sign.ts';
import { createSecret } from './signing-secret.ts';

const secret = createSecret();
const signing = { id: 'bat_1', timestampSeconds: Math.floor(Date.now() / 1000), keys: [signingKey(secret)] };
const batch = { maxItems: 100, maxWaitMs: 1_000 };
const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>';

type Changes = Parameters<typeof renderedConfig>[0];

/** A webhook with `settings.batch`, and the same without. */
function compile(changes: Changes = {}) {
  const settings = { ...changes.settings, batch };
  return {
    listing: compileWebhook(renderedConfig({ ...changes, settings })),
    single: compileWebhook(renderedConfig(changes)),
  };
}

const sms = {
  parameterNames: { messageId: 'msg_id', errorCode: 'error_code', deliveredTime: 'delivered_time' },
  customParameters: [{ name: 'note', value: 'a&b' }],
  customHeaders: [{ name: 'X-Api-Key', value: 's3cret' }],
} as const;
const delivered = bareEvent({
  messageId: '2',
  errorCode: '000',
  deliveredTime: Date.UTC(2026, 10, 22, 10, 15, 33),
});
const reports = [delivered, bareEvent({ messageId: '<1>', errorCode: '027' })];
const mo = { product: 'whatsapp', reportType: 'mo' } as const;
const messages = ['Hi', '🙂'].map((text, n) =>
  bareEvent({
    ...mo,
    messageId: `wamid.${n}`,
    mobileNumber: '919812345678',
    message: { type: 'text', text: { body: text } },
  }),
);

describe('a batch', () => {
  const json =
    '[{"msg_id":"2","error_code":"000","delivered_time":"2026-11-22T10:15:33.000Z","note":"a&b"},' +
    '{"msg_id":"<1>","error_code":"027","delivered_time":null,"note":"a&b"}]';
  const xml =
    `${xmlDeclaration}<dlrs><dlr><msg_id>2</msg_id><error_code>000</error_code>` +
    '<delivered_time>2026-11-22T10:15:33.000Z</delivered_time><note>a&amp;b</note></dlr>' +
    '<dlr><msg_id>&lt;1&gt;</msg_id><error_code>027</error_code><delivered_time/><note>a&amp;b</note></dlr></dlrs>';

  it.each([
    ['JSON', 'application/json', json],
    ['XML', 'application/xml', xml],
  ] as const)(
    'carries delivery reports as %s, in the order given, under one signature',
    (method, type, body) => {
      expect(renderBatch(compile({ ...sms, method }).listing, reports, signing)).toEqual({
        method: 'POST',
        origin: 'https://example.com',
        path: '/dlr',
        headers: [
          ...[
            'content-type',
            type,
            'user-agent',
            `Hookwire/${version}`,
            'accept',
            '*/*',
            'accept-encoding',
            'identity',
            'X-Api-Key',
            's3cret',
          ],
          ...['webhook-id', 'bat_1', 'webhook-timestamp', String(signing.timestampSeconds)],
          ...['webhook-signature', signatureHeader(signing.keys, 'bat_1', signing.timestampSeconds, body)],
        ],
        body,
      });
    },
  );

  const value = (n: number, text: string) =>
    '{"messaging_product":"whatsapp","metadata":{},' +
    '"contacts":[{"profile":{"name":""},"wa_id":"919812345678"}],' +
    `"messages":[{"from":"919812345678","id":"wamid.${n}","type":"text","text":{"body":"${text}"}}]}`;
  const flat = (n: number, text: string) =>
    `{"messageId":"wamid.${n}","mobileNumber":"919812345678","type":"text","text":"${text}",` +
    `"message":{"type":"text","text":{"body":"${text}"}}}`;
  const element = (n: number, text: string) =>
    `<mo><messageId>wamid.${n}</messageId><mobileNumber>919812345678</mobileNumber><type>text</type>` +
    `<text>${text}</text><message>{"type":"text","text":{"body":"${text}"}}</message></mo>`;

  it.each([
    ["Meta's value objects by JSON", 'JSON', 'whatsapp', `[${value(0, 'Hi')},${value(1, '🙂')}]`],
    ['flat objects by JSON', 'JSON', 'flat', `[${flat(0, 'Hi')},${flat(1, '🙂')}]`],
    ['elements by XML', 'XML', 'flat', `${xmlDeclaration}<mos>${element(0, 'Hi')}${element(1, '🙂')}</mos>`],
  ] as const)('carries inbound messages as %s', (_what, method, moFormat, body) => {
    const { listing } = compile({ ...mo, method, settings: { moFormat } });
    expect(renderBatch(listing, messages, signing).body).toBe(body);
  });

  it('of one report is still a list, and so is a request for one report', () => {
    for (const method of ['JSON', 'XML'] as const) {
      const { listing, single } = compile({ ...sms, method });
      const alone = renderBatch(listing, [delivered], signing);
      expect(renderRequest(listing, delivered, signing)).toEqual(alone);
      expect(alone.body).not.toBe(renderRequest(single, delivered, signing).body);
      expect(alone.body).toMatch(method === 'JSON' ? /^\[\{.*\}\]$/ : /<dlrs><dlr>.*<\/dlr><\/dlrs>$/);
    }
  });

  it('is verified by standardwebhooks', () => {
    for (const method of ['JSON', 'XML'] as const) {
      const { headers, body } = renderBatch(compile({ ...sms, method }).listing, reports, signing);
      const signed: Record<string, string> = {};
      for (let i = 0; i < headers.length; i += 2) signed[headers[i] ?? ''] = headers[i + 1] ?? '';
      const verify = (text: string) => new Webhook(secret).verify(text, signed, { jsonParse: false });
      expect(() => verify(body ?? '')).not.toThrow();
      expect(() => verify(`${body} `)).toThrow('No matching signature');
    }
  });

  it('is not for a webhook that wants one report in a request', () => {
    for (const method of ['GET', 'POST', 'JSON', 'XML'] as const) {
      expect(() => renderBatch(compile({ method }).single, reports, signing)).toThrow(TypeError);
    }
  });
});

describe('any batch', () => {
  const configs = fc.record({
    reportType: fc.constantFrom('dlr' as const, 'mo' as const),
    parameterNames: fc.constant({ messageId: 'm', errorCode: 'e', mobileNumber: 'n', receivedTime: 'r' }),
    customParameters: fc.array(fc.record({ name: fc.stringMatching(/^c[a-z]+$/), value: anyText }), {
      maxLength: 2,
    }),
    settings: fc.record({
      timeFormat: fc.constantFrom(...timeFormats),
      moFormat: fc.constantFrom(...moFormats),
    }),
  });
  const events = fc.array(anyEvent, { minLength: 1, maxLength: 6 });

  it('by JSON holds exactly what single requests carry, in order', () => {
    fc.assert(
      fc.property(configs, events, (changes, given) => {
        const { listing, single } = compile({ ...changes, method: 'JSON' });
        const { body } = renderBatch(listing, given, signing);
        const alone = given.map((event) => JSON.parse(renderRequest(single, event, signing).body ?? ''));
        expect(body?.isWellFormed()).toBe(true);
        expect(JSON.parse(body ?? '')).toEqual(alone);
      }),
      { numRuns: 200 },
    );
  });

  it('by XML is well-formed and holds exactly what single requests carry, in order', () => {
    const parser = new XMLParser({
      preserveOrder: true,
      trimValues: false,
      parseTagValue: false,
      processEntities: true,
      htmlEntities: true,
    });
    const root = (document: string | null, name: string) =>
      parser.parse(document ?? '').find((node: object) => name in node)?.[name];
    fc.assert(
      fc.property(configs, events, (changes, given) => {
        const { listing, single } = compile({ ...changes, method: 'XML' });
        const { reportType } = changes;
        const { body } = renderBatch(listing, given, signing);
        const alone = given.map((event) => ({
          [reportType]: root(renderRequest(single, event, signing).body, reportType),
        }));
        expect(XMLValidator.validate(body ?? '')).toBe(true);
        expect(root(body, `${reportType}s`)).toEqual(alone);
      }),
      { numRuns: 200 },
    );
  });
});
