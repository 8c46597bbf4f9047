import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../../testing/http-fixture.ts';
import { operationalEvents, smsDlr, whatsappDlr, whatsappMo } from '../../../testing/webhook-bodies.ts';

let api: HttpFixture;
let key: string;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  key = await api.accountKey('acc_1', 'webhooks:read', 'webhooks:write');
});
afterEach(() => api.app.close());

describe.each(['preview', 'test'])('%s of an unsaved webhook', (call) => {
  const post = (body: object, options: object = { key }) =>
    api.call('POST', `/v1/webhooks/${call}`, body, options);

  it("takes the product's first sample, for the caller's account, with a secret of its own", async () => {
    expect((await post(smsDlr)).status).toBe(200);
    expect(api.tried).toMatchObject([
      {
        config: { method: 'GET', settings: { timeoutMs: 15_000 } },
        event: { accountId: 'acc_1', product: 'sms', status: 'delivered', errorCode: '000', part: 1 },
        secrets: [{ secret: 'whsec_1', expiresAt: null }],
      },
    ]);
  });

  it('takes fields of an event in place of those of the sample', async () => {
    const event = { status: 'read', readTime: '2026-11-22T15:45:30+05:30', deliveredTime: null };
    expect((await post({ ...whatsappDlr, event })).status).toBe(200);
    expect(api.tried).toMatchObject([
      { event: { status: 'read', readTime: Date.UTC(2026, 10, 22, 10, 15, 30), deliveredTime: null } },
    ]);
  });

  it("makes an MO's message tell of the same person as the event", async () => {
    const event = { mobileNumber: '4915112345678', messageId: 'wamid.X' };
    await post({ ...whatsappMo, event });
    await post({ ...whatsappMo, event: { message: { type: 'text', text: { body: 'x' } } } });
    expect(api.tried).toMatchObject([
      { event: { message: expect.stringContaining('{"from":"4915112345678","id":"wamid.X",') } },
      { event: { message: '{"type":"text","text":{"body":"x"}}' } },
    ]);
  });

  it('takes an event of its account, and of any account for a webhook of none', async () => {
    const webhookId = (await api.call('POST', '/v1/webhooks', smsDlr, { key })).body.id;
    const event = { accountId: 'acc_1' };
    expect((await post({ ...smsDlr, event })).status).toBe(200);
    expect((await post({ ...smsDlr, event, webhookId }, {})).status).toBe(200);
    expect((await post({ ...smsDlr, event: { accountId: 'acc_9' } }, {})).status).toBe(200);
    expect(api.tried).toMatchObject(
      ['acc_1', 'acc_1', 'acc_9'].map((accountId) => ({ event: { accountId } })),
    );
  });

  it.each([
    [{ accountId: 'acc_2' }, 'accountId', 'must be the webhook\'s own, "acc_1", or left out.'],
    [{ accountId: 5 }, 'accountId', 'Write it as text, in quotes: numbers lose leading zeros and long ids.'],
    [{ product: 'whatsapp' }, 'product', 'must be the webhook\'s own, "sms", or left out.'],
    [{ product: 'fax' }, 'product', 'must be "sms" or "whatsapp".'],
  ])('tells an operator once what is wrong with the event %j', async (event, name, message) => {
    const answer = await post({ ...smsDlr, accountId: 'acc_1', event }, {});
    expect(answer.status).toBe(422);
    const path = `event.${name}`;
    expect(answer.body.errors.filter((error) => error.path === path)).toEqual([{ path, message }]);
  });

  it.each([
    [{ event: { stats: 'x' } }, 'event.stats'],
    [{ event: { messageId: 5 } }, 'event.messageId'],
    [{ event: { product: 'whatsapp' } }, 'event.product'],
    [{ event: { accountId: 'acc_2' } }, 'event.accountId'],
    [{ event: 'read' }, 'event'],
    [{ method: 'PUT' }, 'method'],
    [{ url: 'ftp://example.com/' }, 'url'],
    [{ accountId: 5 }, 'accountId'],
  ])('with %j is refused at its path', async (change, path) => {
    const answer = await post({ ...smsDlr, ...change });
    expect(answer.body.errors.map((error) => error.path)).toContain(path);
    expect(answer.status).toBe(422);
    expect(api.tried).toEqual([]);
  });

  it('takes an operational event of the type that is asked for, of the account', async () => {
    expect((await post(operationalEvents)).status).toBe(200);
    expect((await post({ ...operationalEvents, event: { status: 'delivery.failed' } })).status).toBe(200);
    expect(api.tried).toMatchObject([
      {
        event: {
          status: 'webhook.failing',
          accountId: 'acc_1',
          attributes: expect.stringContaining('"acc_1"'),
        },
      },
      { event: { status: 'delivery.failed', attributes: expect.stringContaining('"attempts_exhausted"') } },
    ]);
  });

  it.each([
    [{ status: 'webhook.gone' }, 'event.status'],
    [{ messageId: 'wh_2' }, 'event.messageId'],
    [{ product: 'sms' }, 'event.product'],
  ])('with the operational event %j is refused at its path', async (event, path) => {
    const answer = await post({ ...operationalEvents, event });
    expect(answer.body.errors).toMatchObject([{ path }]);
    expect(api.tried).toEqual([]);
  });

  it('lets the sender tell of an address that may not be called', async () => {
    expect((await post({ ...smsDlr, url: 'http://169.254.169.254/' })).status).toBe(200);
  });

  it('checks the number where it knows the account; an operator need not name one', async () => {
    const body = { ...whatsappMo, productUniqueId: '911111111111' };
    expect((await post(body)).body.errors).toMatchObject([{ path: 'productUniqueId' }]);
    expect((await post({ ...body, accountId: 'acc_1' }, {})).status).toBe(422);
    expect((await post(body, {})).status).toBe(200);
    expect(api.tried).toMatchObject([{ event: { productUniqueId: '911111111111' } }]);
  });
});

describe.each(['preview', 'test'])('%s of a change to a saved webhook', (call) => {
  const customHeaders = [
    { name: 'X-Api-Key', value: 's3cret-value' },
    { name: 'X-Team', value: 'orders-team' },
  ];
  const post = (body: object, options: object = { key }) =>
    api.call('POST', `/v1/webhooks/${call}`, body, options);
  const saved = async () =>
    (await api.call('POST', '/v1/webhooks', { ...smsDlr, customHeaders }, { key })).body.id;

  it('keeps the header values that come masked, and shows no others than were given', async () => {
    const masked = [
      { name: 'x-api-key', value: '••••ue' },
      { name: 'X-Team', value: 'a-new-team' },
    ];
    const answer = await post({ ...smsDlr, customHeaders: masked, webhookId: await saved() });
    expect(answer.status).toBe(200);
    expect(api.tried).toMatchObject([
      { config: { customHeaders: [{ value: 's3cret-value' }, { value: 'a-new-team' }] } },
    ]);
    expect(JSON.stringify(answer.body)).toContain('••••ue');
    expect(JSON.stringify(answer.body)).not.toContain('s3cret-value');
  });

  it("finds nothing of another account's webhook", async () => {
    const webhookId = await saved();
    const other = await api.accountKey('acc_2', 'webhooks:write');
    expect((await post({ ...smsDlr, webhookId }, { key: other })).status).toBe(404);
    expect((await post({ ...smsDlr, webhookId, accountId: 'acc_2' }, {})).status).toBe(404);
    expect((await post({ ...smsDlr, webhookId: 5 })).body.errors).toMatchObject([{ path: 'webhookId' }]);
    expect(api.tried).toEqual([]);
  });
});

it('a preview shows the request', async () => {
  const { body } = await api.call('POST', '/v1/webhooks/preview', smsDlr, { key });
  expect(body).toEqual({
    method: 'POST',
    url: 'https://example.com/dlr',
    headers: [
      ['content-type', 'application/json'],
      ['X-Api-Key', 's3cret-value'],
    ],
    body: '{}',
    warnings: [],
  });
});

describe('a test of a saved webhook', () => {
  const customHeaders = [{ name: 'x-api-key', value: 's3cret-value' }];

  it('sends the real header values and secret, and shows the values masked', async () => {
    const { body: saved } = await api.call('POST', '/v1/webhooks', { ...smsDlr, customHeaders }, { key });
    const answer = await api.call('POST', `/v1/webhooks/${saved.id}/test`, undefined, { key });
    expect(answer.body).toMatchObject({
      request: {
        headers: [
          ['content-type', 'application/json'],
          ['X-Api-Key', '••••ue'],
        ],
      },
      response: { statusCode: 200, headers: [['server', 'x']], body: 'ok', truncated: false },
      error: null,
      durationMs: 12.5,
    });
    expect(api.tried).toMatchObject([{ config: { customHeaders }, secrets: [{ secret: 'whsec_1' }] }]);
  });

  it('says what to do where it failed', async () => {
    const { body: saved } = await api.call('POST', '/v1/webhooks', smsDlr, { key });
    const { send } = api.services.trial;
    const error = { class: 'redirect', detail: 'It answered 301.' } as const;
    const trial = {
      ...api.services.trial,
      send: async (...given: Parameters<typeof send>) => ({ ...(await send(...given)), error }),
    };
    Object.assign(api.services, { trial });
    const expected = { ...error, title: expect.any(String), advice: expect.stringContaining('final URL') };
    for (const [path, body] of [
      [`/v1/webhooks/${saved.id}/test`, undefined],
      ['/v1/webhooks/test', smsDlr],
    ] as const) {
      expect((await api.call('POST', path, body, { key })).body.error).toEqual(expected);
    }
  });

  it('takes an event, and refuses other fields', async () => {
    const { body: saved } = await api.call('POST', '/v1/webhooks', smsDlr, { key });
    const path = `/v1/webhooks/${saved.id}/test`;
    expect((await api.call('POST', path, { event: { status: 'failed' } }, { key })).status).toBe(200);
    expect(api.tried).toMatchObject([{ event: { status: 'failed', messageId: 'shdgMj33hk8' } }]);
    const refused = await api.call('POST', path, { evnt: {} }, { key });
    expect(refused.body.errors).toEqual([
      { path: 'evnt', message: 'is not a known field. Did you mean "event"?' },
    ]);
    const wrong = await api.call('POST', path, { event: { status: 5 } }, { key });
    expect(wrong.body.errors).toMatchObject([{ path: 'event.status' }]);
  });
});
