import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorClasses } from '../../../core/delivery.ts';
import { products } from '../../../core/products/index.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';
import { parseWebhookConfig } from '../webhooks/input/parse.ts';
import { catalogView } from './view.ts';

let api: HttpFixture;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
});
afterEach(() => api.app.close());

const view = catalogView();
const kinds = view.products.flatMap((product) =>
  product.reportTypes.flatMap((type) =>
    type.methods.map((method) => ({ product, type, method, name: `${product.id} ${type.id} ${method}` })),
  ),
);

describe('the catalog', () => {
  it('is the same for an operator, and for a key with any one scope', async () => {
    const key = await api.accountKey('acc_1', 'events:write');
    const own = await api.call('GET', '/v1/catalog', undefined, { key });
    expect(own.status).toBe(200);
    expect(own.body).toEqual((await api.call('GET', '/v1/catalog')).body);
    expect((await api.call('GET', '/v1/catalog', undefined, { key: null })).status).toBe(401);
  });

  it('names the fields of a delivery report as the form does, in its order', () => {
    const fieldsOf = (id: string) =>
      view.products.find((product) => product.id === id)?.reportTypes[0]?.fields.map((field) => field);
    expect(fieldsOf('sms')?.map(({ label, example }) => [label, example])).toEqual([
      ['Transaction ID Parameter', 'txn_id'],
      ['Message ID Parameter', 'msg_id'],
      ['Error Code Parameter', 'error_code'],
      ['Mobile Number Parameter', 'mobile'],
      ['Received Time Parameter', 'received_time'],
      ['Delivered Time Parameter', 'delivered_time'],
    ]);
    expect(fieldsOf('whatsapp')?.slice(6)).toMatchObject([
      { label: 'Read Time Parameter', example: 'read_time' },
      { label: 'Status Parameter', example: 'status' },
    ]);
  });

  it('has every product, and tells which have a number and who it is for', () => {
    expect(view.products.map(({ id }) => id)).toEqual(Object.keys(products));
    expect(view.products).toMatchObject([
      {
        hasNumber: false,
        numberLabel: null,
        audience: 'everybody',
        reportTypes: [{ id: 'dlr', label: 'DLR' }],
      },
      {
        hasNumber: true,
        numberLabel: 'Waba Number',
        reportTypes: [{ id: 'dlr' }, { id: 'mo', label: 'MO', fields: [], statuses: null }],
      },
      { audience: 'operations', reportTypes: [{ methods: ['JSON'] }] },
    ]);
  });

  it('says nothing of fields of the API or keys of the configuration: people read it in the form', () => {
    const words: string[] = [];
    const read = (value: unknown, key = '') => {
      if (typeof value === 'string') {
        if (/^(label|description|title|advice|numberLabel|numberShape)$/.test(key)) words.push(value);
      } else if (typeof value === 'object' && value !== null) {
        for (const [name, part] of Object.entries(value)) read(part, name);
      }
    };
    read(view);
    expect(words.length).toBeGreaterThan(60);
    expect(words.filter((text) => /HOOKWIRE_|\b[a-z]+[A-Z][A-Za-z]+\b/.test(text))).toEqual([]);
  });

  it('has words for every error class', () => {
    expect(view.errorClasses.map(({ id }) => id)).toEqual(errorClasses);
  });

  it.each(kinds)('leads to a webhook that is taken: $name', ({ product, type, method }) => {
    const { fields } = type;
    const parsed = parseWebhookConfig({
      product: product.id,
      reportType: type.id,
      method,
      url: 'https://example.com/',
      ...(fields.length > 0 && {
        parameterNames: Object.fromEntries(fields.map(({ name, example }) => [name, example])),
      }),
      settings: view.settings.defaults,
    });
    if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
    const { moFormat, moMessage, ...settings } = parsed.config.settings;
    expect(settings).toEqual(view.settings.defaults);
    expect(view.methods.find(({ id }) => id === method)).toMatchObject({ moFormat, moMessage });
  });

  const samples = kinds
    .filter(({ method }) => method === 'JSON')
    .flatMap((kind) => kind.type.samples.map((sample) => ({ ...kind, sample, name: sample.name })));

  it.each(samples)('has samples that a preview takes as they are: $product.id $name', async (given) => {
    const { product, type, sample } = given;
    const names = Object.fromEntries(type.fields.map(({ name, example }) => [name, example]));
    const body = {
      product: product.id,
      reportType: type.id,
      method: 'JSON',
      url: 'https://example.com/',
      parameterNames: names,
      event: sample.event,
    };
    const answer = await api.call('POST', '/v1/webhooks/preview', body);
    expect([answer.status, answer.body.errors]).toEqual([200, undefined]);
    expect(api.tried).toMatchObject([
      { event: { status: sample.event.status, message: sample.event.message?.text ?? null } },
    ]);
  });
});
