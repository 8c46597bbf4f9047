import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configOf, errorsOf, mo, names, sms, whatsapp, without } from '../../../testing/webhook-inputs.ts';
import { parseWebhookConfig } from './parse.ts';

describe('a webhook that is right', () => {
  it('gets every default', () => {
    expect(configOf(sms)).toEqual({
      ...sms,
      productUniqueId: null,
      customParameters: [],
      customHeaders: [],
      description: null,
      settings: {
        timeFormat: 'iso',
        timeZone: 'UTC',
        mobileFormat: 'digits',
        moFormat: 'flat',
        moMessage: false,
        timeoutMs: 15_000,
        maxConcurrency: 50,
        ratePerSecond: null,
        retry: { maxAttempts: 11, giveUpAfterMs: null },
        success: { codes: null, bodyContains: null },
        ordered: false,
        batch: null,
        statuses: null,
      },
    });
  });

  it('keeps what it says', () => {
    const settings = {
      timeFormat: 'YYYY-MM-DD HH:mm:ss',
      timeZone: 'Asia/Kolkata',
      mobileFormat: 'e164',
      moFormat: 'flat',
      moMessage: false,
      timeoutMs: 1_000,
      maxConcurrency: 200,
      ratePerSecond: 0.5,
      retry: { maxAttempts: 1, giveUpAfterMs: 60_000 },
      success: { codes: [200, 202], bodyContains: 'ACK' },
      ordered: true,
      batch: { maxItems: 500, maxWaitMs: 60_000, maxBytes: 1_024 },
      statuses: ['delivered', 'DND_BLOCKED'],
    };
    const full = {
      ...whatsapp,
      method: 'XML',
      url: 'HTTP://example.com:65535/dlr?a=1',
      parameterNames: { ...names, readTime: 'read', status: 'st.é' },
      customParameters: [{ name: 'tenant', value: '' }],
      customHeaders: [{ name: 'Authorization', value: 'Bearer s3cret' }],
      description: 'orders team',
      settings,
    };
    expect(configOf(full)).toEqual(full);
  });

  it.each([
    'https://my_host.example.com/',
    'https://_a.example/',
    'https://r3---sn.example.com./',
    'https://127.0.0.1:8443/',
    'https://[2001:db8::1]/',
    'http://localhost/',
    'https://bücher.example/',
    'https://نامه\u200cای.example/',
  ])('may call %s', (url) => {
    expect(configOf({ ...sms, url }).url).toBe(url);
  });

  it("sends Meta's object for an MO by JSON, and flat by the other methods", () => {
    expect(configOf({ ...mo, method: 'JSON' }).settings.moFormat).toBe('whatsapp');
    expect(configOf({ ...mo, method: 'XML' }).settings.moFormat).toBe('flat');
    expect(configOf({ ...mo, productUniqueId: null }).productUniqueId).toBeNull();
  });

  it('may have batches of 2 to 500 reports and of 2 to 100 messages, without a wait too', () => {
    const batchOf = (input: object, maxItems: number) =>
      configOf({ ...input, method: 'JSON', settings: { batch: { maxItems, maxWaitMs: 0 } } }).settings.batch;
    expect(batchOf(sms, 2)).toEqual({ maxItems: 2, maxWaitMs: 0, maxBytes: 921_600 });
    expect(batchOf(sms, 500)).toEqual({ maxItems: 500, maxWaitMs: 0, maxBytes: 921_600 });
    expect(batchOf(mo, 100)).toEqual({ maxItems: 100, maxWaitMs: 0, maxBytes: 921_600 });
  });

  it('comes out the same when it is put in again', () => {
    for (const input of [sms, whatsapp, mo, { ...mo, method: 'JSON' }]) {
      const config = configOf(input);
      expect(configOf(config)).toEqual(config);
    }
  });
});

describe('a webhook for operational events', () => {
  const operations = {
    product: 'hookwire',
    reportType: 'operations',
    method: 'JSON',
    url: 'https://example.com/operations',
  };

  it('takes custom parameters, headers, a choice of types, and lists', () => {
    const extras = {
      customParameters: [{ name: 'team', value: 'orders' }],
      customHeaders: [{ name: 'X-Api-Key', value: 's3cret' }],
    };
    const settings = {
      statuses: ['webhook.failing', 'delivery.failed'],
      batch: { maxItems: 10, maxWaitMs: 0 },
    };
    expect(configOf({ ...operations, ...extras, settings })).toMatchObject({
      ...operations,
      ...extras,
      parameterNames: {},
      settings,
    });
  });

  it.each([
    ['another method', { method: 'XML' }, { method: /must be JSON/ }],
    ['another report type', { reportType: 'dlr' }, { reportType: /Alerts has no "dlr"/ }],
    ['another product', { product: 'sms' }, { reportType: /SMS has no "operations"/ }],
    ['a number', { productUniqueId: '919999999999' }, { productUniqueId: /Alerts has none/ }],
    [
      'parameter names',
      { parameterNames: { status: 'state' } },
      { 'parameterNames.status': /"operations" takes no parameter names/ },
    ],
    [
      'a type that there is not',
      { settings: { statuses: ['webhook.failing', 'webhook.gone'] } },
      { 'settings.statuses[1]': /"webhook.failing", "webhook.recovered"/ },
    ],
    [
      "a custom parameter with a name of the event's own",
      { customParameters: [{ name: 'data', value: 'x' }] },
      { 'customParameters[0].name': /"data" is a name of the event itself/ },
    ],
  ])('with %s is refused', (_what, change, expected) => {
    const errors = errorsOf({ ...operations, ...change });
    expect(Object.keys(errors)).toEqual(Object.keys(expected));
    for (const [path, pattern] of Object.entries(expected)) expect(errors[path]).toMatch(pattern);
  });
});

describe('a webhook with much that is wrong', () => {
  it('is told all of it at once, also behind what has the wrong shape', () => {
    const errors = errorsOf({
      product: 'sms',
      reportType: 'dlr',
      method: 'XML',
      url: 'ftp://x',
      productUniqueId: '1',
      parameterNames: { ...without('messageId').parameterNames, errorCode: 5, readTime: 'x' },
      customParameters: [{ name: 1, value: 'a' }, { name: 'mobile' }, 'text'],
      customHeaders: [{ name: 'Host', value: 'a\n' }],
      settings: { timeZone: 'Nowhere', ordered: 1, timeoutMs: '5', batch: { maxItems: 5.5, maxWaitMs: 0 } },
      color: 'red',
    });
    expect(Object.keys(errors).sort()).toEqual(
      [
        'color',
        'customHeaders[0].name',
        'customHeaders[0].value',
        'customParameters[0].name',
        'customParameters[1].name',
        'customParameters[1].value',
        'customParameters[2]',
        'parameterNames.errorCode',
        'parameterNames.messageId',
        'parameterNames.readTime',
        'productUniqueId',
        'settings.batch.maxItems',
        'settings.ordered',
        'settings.timeZone',
        'settings.timeoutMs',
        'url',
      ].sort(),
    );
  });

  it.each([null, 1, 'text', [sms]])('that is %j instead of an object is refused at its root', (input) => {
    expect(errorsOf(input)).toEqual({ '': 'must be an object.' });
  });

  it('never throws, and names a place for whatever it refuses', () => {
    const anything = fc.record(
      Object.fromEntries(
        [...Object.keys(whatsapp), 'customParameters', 'customHeaders', 'settings', 'description'].map(
          (key) => [key, fc.oneof(fc.jsonValue(), fc.constant(Reflect.get(whatsapp, key) ?? null))],
        ),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anything, (input) => {
        const parsed = parseWebhookConfig(input);
        return 'config' in parsed || parsed.errors.length > 0;
      }),
      { numRuns: 300 },
    );
  });
});
