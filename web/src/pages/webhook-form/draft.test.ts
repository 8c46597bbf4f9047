import { describe, expect, it } from 'vitest';
import { parseWebhookConfig } from '../../../../src/http/resources/webhooks/input/parse.ts';
import type { WebhookInput } from '../../api/webhook-form.ts';
import { catalog } from '../../testing/catalog.ts';
import { choiceOf, type Draft, draftOf, emptyDraft, inputOf, withExampleNames, withRow } from './draft.ts';

const names = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};
const whatsapp: Draft = {
  ...withExampleNames({ ...emptyDraft(catalog), product: 'whatsapp', method: 'JSON' }, catalog),
  url: 'https://example.com/dlr',
  productUniqueId: '919999999999',
};

/** A webhook as the gateway answers it. */
function savedOf(input: object): WebhookInput {
  const parsed = parseWebhookConfig(input);
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return JSON.parse(JSON.stringify(parsed.config));
}

describe('a new draft', () => {
  it('begins with the first product, report type and method', () => {
    expect(inputOf(emptyDraft(catalog), catalog)).toMatchObject({
      product: 'sms',
      reportType: 'dlr',
      method: 'POST',
      url: '',
      parameterNames: {},
    });
  });

  it('is a right webhook with a URL and the example names', () => {
    const draft = withExampleNames({ ...emptyDraft(catalog), url: 'https://example.com/dlr' }, catalog);
    expect(inputOf(draft, catalog).parameterNames).toEqual(names);
    expect(parseWebhookConfig(inputOf(draft, catalog))).toHaveProperty('config');
  });

  it('has the defaults of the gateway where nothing is chosen', () => {
    const draft = withExampleNames({ ...emptyDraft(catalog), url: 'https://example.com/dlr' }, catalog);
    const parsed = savedOf(inputOf(draft, catalog));
    expect(parsed.settings).toEqual(
      savedOf({ ...inputOf(draft, catalog), settings: undefined } as object).settings,
    );
  });
});

describe('a saved webhook', () => {
  const settings = {
    timeFormat: 'epochSeconds',
    timeZone: 'Asia/Kolkata',
    mobileFormat: 'e164',
    moFormat: 'flat',
    moMessage: false,
    timeoutMs: 1_500,
    maxConcurrency: 7,
    ratePerSecond: 0.5,
    retry: { maxAttempts: 3, giveUpAfterMs: 5_400_000 },
    success: { codes: [200, 204], bodyContains: 'ok' },
    ordered: true,
    batch: { maxItems: 20, maxWaitMs: 250, maxBytes: 524_288 },
    statuses: ['delivered', 'DND_BLOCKED'],
  };
  const full = {
    product: 'whatsapp',
    reportType: 'dlr',
    method: 'JSON',
    url: 'https://example.com/dlr?a=1',
    productUniqueId: '919999999999',
    parameterNames: { ...names, status: 'state' },
    customParameters: [{ name: 'tenant', value: '' }],
    customHeaders: [{ name: 'X-Api-Key', value: '••••et' }],
    description: 'orders team',
    settings,
  };

  it('comes out of the form as it went in', () => {
    const saved = full as unknown as WebhookInput;
    const { moFormat: _no, moMessage: _neither, ...others } = settings;
    // A delivery report has no message, and no format of one.
    expect(inputOf(draftOf(saved, catalog), catalog)).toEqual({ ...full, settings: others });
  });

  it.each([
    { ...full, customHeaders: [], settings: {} },
    { product: 'sms', reportType: 'dlr', method: 'GET', url: 'http://a.example', parameterNames: names },
    {
      product: 'whatsapp',
      reportType: 'mo',
      method: 'JSON',
      url: 'http://a.example',
      settings: { moFormat: 'flat', moMessage: false },
    },
    { product: 'whatsapp', reportType: 'mo', method: 'XML', url: 'http://a.example' },
    {
      product: 'whatsapp',
      reportType: 'mo',
      method: 'GET',
      url: 'http://a.example',
      settings: { moMessage: true },
    },
    { product: 'hookwire', reportType: 'operations', method: 'JSON', url: 'http://a.example' },
  ])('is the same webhook after a round through the form: %#', (input) => {
    const saved = savedOf(input);
    const { moFormat, moMessage, ...rest } = saved.settings ?? {};
    const again = savedOf(inputOf(draftOf(saved, catalog), catalog));
    expect(again).toMatchObject({
      ...saved,
      settings: saved.reportType === 'mo' ? { ...rest, moFormat, moMessage } : rest,
    });
  });
});

describe('a switch', () => {
  it('from WhatsApp to SMS keeps what SMS has, and all of it for the way back', () => {
    const sms: Draft = { ...whatsapp, product: 'sms' };
    expect(inputOf(sms, catalog)).toMatchObject({ productUniqueId: null, url: 'https://example.com/dlr' });
    expect(inputOf(sms, catalog).parameterNames).toEqual(names);
    expect(inputOf({ ...sms, product: 'whatsapp' }, catalog)).toEqual(inputOf(whatsapp, catalog));
  });

  it('from JSON to GET leaves out what only lists have', () => {
    const draft: Draft = { ...whatsapp, settings: { ...whatsapp.settings, batch: true } };
    expect(inputOf(draft, catalog).settings?.batch).toEqual({
      maxItems: 100,
      maxWaitMs: 1_000,
      maxBytes: 921_600,
    });
    expect(inputOf({ ...draft, method: 'XML' }, catalog).settings?.batch).not.toBeNull();
    expect(inputOf({ ...draft, method: 'GET' }, catalog).settings?.batch).toBeNull();
  });

  it('from MO to a product without it takes a report type that there is', () => {
    const mo: Draft = { ...whatsapp, reportType: 'mo' };
    expect(inputOf(mo, catalog).parameterNames).toEqual({});
    expect(choiceOf({ ...mo, product: 'sms' }, catalog).reportType.id).toBe('dlr');
    expect(choiceOf({ ...mo, product: 'hookwire', method: 'XML' }, catalog).method.id).toBe('JSON');
  });
});

describe('rows', () => {
  it('that are empty, or behind a cleared checkbox, are not sent', () => {
    const rows = withRow({ on: true, rows: [{ id: 4, name: 'tenant', value: '42' }] });
    expect(rows.rows.map(({ id }) => id)).toEqual([4, 5]);
    expect(inputOf({ ...whatsapp, customParameters: rows }, catalog).customParameters).toEqual([
      { name: 'tenant', value: '42' },
    ]);
    expect(
      inputOf({ ...whatsapp, customParameters: { ...rows, on: false } }, catalog).customParameters,
    ).toEqual([]);
  });
});

describe('example names', () => {
  it('fill only what is empty and never repeat a name', () => {
    const draft: Draft = {
      ...emptyDraft(catalog),
      parameterNames: { messageId: 'txn_id' },
      customParameters: { on: true, rows: [{ id: 0, name: 'mobile', value: '' }] },
    };
    expect(withExampleNames(draft, catalog).parameterNames).toEqual({
      ...names,
      messageId: 'txn_id',
      transactionId: 'txn_id_',
      mobileNumber: 'mobile_',
    });
  });
});
