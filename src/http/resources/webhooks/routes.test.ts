import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';
import { smsDlr, whatsappDlr, whatsappMo } from '../../testing/webhook-bodies.ts';

let clock: ManualClock;
let api: HttpFixture;
let key: string;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
  key = await api.accountKey('acc_1', 'webhooks:read', 'webhooks:write');
});
afterEach(() => api.app.close());

async function create(body: object = smsDlr): Promise<string> {
  const created = await api.call('POST', '/v1/webhooks', body, { key });
  expect(created.status).toBe(201);
  return `/v1/webhooks/${created.body.id}`;
}

describe('a webhook', () => {
  it('is created with its defaults, enabled, at version 1, with a secret', async () => {
    const created = await api.call('POST', '/v1/webhooks', smsDlr, { key });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(`/v1/webhooks/${created.body.id}`);
    expect(created.body).toMatchObject({
      ...smsDlr,
      id: expect.stringMatching(/^wh_[0-9a-z]{16}$/),
      accountId: 'acc_1',
      status: 'enabled',
      disabledReason: null,
      failingSince: null,
      version: 1,
      createdAt: '2026-11-22T10:00:00.000Z',
      updatedAt: '2026-11-22T10:00:00.000Z',
      settings: { timeFormat: 'iso', retry: { maxAttempts: 11 } },
    });
    expect(api.told).toEqual([`created ${created.body.id} 1`]);
    expect((await api.call('GET', String(created.headers.location), undefined, { key })).body).toEqual(
      created.body,
    );
  });

  it.each<[object]>([[{}], [{ accountId: 5 }], [{ accountId: 'acc_none' }]])(
    'of %j by an operator is refused with every wrong place, the account included',
    async (body) => {
      const answer = await api.call('POST', '/v1/webhooks', body);
      expect(answer.status).toBe(422);
      const paths = answer.body.errors.map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(['accountId', 'product', 'reportType', 'method', 'url']));
      expect(new Set(paths).size).toBe(paths.length);
    },
  );

  it.each(['POST /v1/webhooks', 'POST /v1/webhooks/preview', 'POST /v1/webhooks/test', 'PUT saved'])(
    'that is no object is refused as such by %s',
    async (call) => {
      const [method, path] = call.split(' ') as ['POST' | 'PUT', string];
      const url = path === 'saved' ? await create() : path;
      for (const body of ['[]', 'null', '"x"']) {
        const answer = await api.call(method, url, body, { headers: { 'content-type': 'application/json' } });
        expect(answer.body).toMatchObject({
          status: 422,
          errors: [{ path: '', message: 'The body must be an object.' }],
        });
      }
    },
  );

  it('is refused with every wrong place, the guard and unknown numbers included', async () => {
    const answer = await api.call(
      'POST',
      '/v1/webhooks',
      {
        ...whatsappDlr,
        url: 'http://169.254.169.254/latest',
        productUniqueId: '911111111111',
        parameterNames: { ...whatsappDlr.parameterNames, status: 'mobile' },
        customHeaders: [{ name: 'Host', value: 'x' }],
        colour: 'red',
      },
      { key },
    );
    expect(answer.body).toMatchObject({ status: 422, code: 'invalid_input' });
    expect(answer.body.errors.map(({ path }) => path).sort()).toEqual([
      'colour',
      'customHeaders[0].name',
      'parameterNames.status',
      'productUniqueId',
      'url',
    ]);
    expect(answer.body.errors.find(({ path }) => path === 'url')?.message).toContain('link-local');
    expect(api.told).toEqual([]);
  });

  it("may choose one of its account's numbers only", async () => {
    const number = '919999999999';
    const post = () => api.call('POST', '/v1/webhooks', { ...whatsappMo, productUniqueId: number }, { key });
    const sender = { product: 'whatsapp', productUniqueId: number };
    await api.createAccount('acc_2');
    await api.call('POST', '/v1/senders', { ...sender, accountId: 'acc_2' });
    expect((await post()).body.errors).toMatchObject([
      { path: 'productUniqueId', message: expect.stringContaining('no Waba Number "919999999999"') },
    ]);
    const own = await api.call('POST', '/v1/senders', { ...sender, accountId: 'acc_1' });
    const made = await post();
    expect(made.status).toBe(201);
    await api.call('DELETE', `/v1/senders/${own.body.id}`);
    const kept = await api.call('PUT', `/v1/webhooks/${made.body.id}`, made.body, { key });
    expect(kept.status).toBe(200);
  });

  it('finds a number on a later page of senders', async () => {
    const senders = Array.from({ length: 501 }, (_, i) => ({
      id: `snd_${i}`,
      accountId: 'acc_1',
      product: 'whatsapp' as const,
      productUniqueId: String(910000000000 + i),
      label: null,
      createdAt: 0,
    }));
    for (const sender of senders) await api.services.directory.createSender(sender);
    await create({ ...whatsappMo, productUniqueId: '910000000000' });
  });

  it('cannot be created with what the gateway sets', async () => {
    const answer = await api.call(
      'POST',
      '/v1/webhooks',
      { ...smsDlr, status: 'disabled', id: 'wh_1' },
      { key },
    );
    expect(answer.body.errors.map(({ path }) => path).sort()).toEqual(['id', 'status']);
  });

  it('is replaced as a whole, as its next version', async () => {
    const path = await create({ ...smsDlr, description: 'first' });
    clock.advance(1000);
    const replaced = await api.call('PUT', path, { ...smsDlr, method: 'XML' }, { key });
    expect(replaced.body).toMatchObject({
      method: 'XML',
      description: null,
      version: 2,
      createdAt: '2026-11-22T10:00:00.000Z',
      updatedAt: '2026-11-22T10:00:01.000Z',
    });
    expect(api.told.at(-1)).toBe(`changed ${replaced.body.id} v2 enabled 1`);
    const refused = await api.call('PUT', path, { ...smsDlr, url: 'http://169.254.1.1/' }, { key });
    expect(refused.body.errors).toMatchObject([{ path: 'url' }]);
  });

  it('is deleted', async () => {
    const path = await create();
    expect((await api.call('DELETE', path, undefined, { key })).status).toBe(204);
    expect(api.told.at(-1)).toBe(`deleted ${path.split('/').at(-1)}`);
    for (const method of ['GET', 'DELETE'] as const) {
      expect((await api.call(method, path, undefined, { key })).status).toBe(404);
    }
    expect((await api.call('PUT', path, smsDlr, { key })).status).toBe(404);
  });

  it('is disabled and enabled, also by clients that send an empty JSON body', async () => {
    const path = await create();
    const headers = { 'content-type': 'application/json' };
    const disabled = await api.call('POST', `${path}/disable`, '', { key, headers });
    expect(disabled.body).toMatchObject({ status: 'disabled', disabledReason: 'by_user', version: 1 });
    expect(api.told.at(-1)).toMatch(/^changed wh_\w+ v1 disabled 1$/);
    const enabled = await api.call('POST', `${path}/enable`, undefined, { key });
    expect(enabled.body).toMatchObject({ status: 'enabled', disabledReason: null });
    expect(api.told.at(-1)).toMatch(/^changed wh_\w+ v1 enabled 1$/);
  });

  it('that is deleted while it is changed is not told of as changed', async () => {
    const path = await create();
    const { directory } = api.services;
    const getSecrets = directory.getSecrets;
    Reflect.set(directory, 'getSecrets', async (id: string, now: number) => {
      await directory.deleteWebhook(id, now);
      return getSecrets(id, now);
    });
    expect((await api.call('POST', `${path}/disable`, undefined, { key })).status).toBe(404);
    expect(api.told.filter((line) => line.startsWith('changed'))).toEqual([]);
  });

  it('is listed with filters and pages', async () => {
    await create();
    await create({ ...whatsappDlr, url: 'https://shop.example.com/dlr' });
    const disabled = await create(whatsappMo);
    await api.call('POST', `${disabled}/disable`, undefined, { key });
    const count = async (query: string) =>
      (await api.call('GET', `/v1/webhooks?${query}`, undefined, { key })).body.data.length;
    expect(await count('')).toBe(3);
    expect(await count('product=whatsapp')).toBe(2);
    expect(await count('product=whatsapp&reportType=mo')).toBe(1);
    expect(await count('status=disabled')).toBe(1);
    expect(await count('q=shop')).toBe(1);
    expect(await count('limit=2')).toBe(2);
    const first = await api.call('GET', '/v1/webhooks?limit=2', undefined, { key });
    expect(await count(`limit=2&cursor=${first.body.nextCursor}`)).toBe(1);
    expect((await api.call('GET', '/v1/webhooks?status=off', undefined, { key })).body.errors).toMatchObject([
      { path: 'query.status' },
    ]);
  });
});

describe('the values of custom headers', () => {
  const customHeaders = [
    { name: 'X-Api-Key', value: 's3cret-value' },
    { name: 'X-Short', value: 'abc' },
  ];

  it('come back masked, from every call', async () => {
    const path = await create({ ...smsDlr, customHeaders });
    const masked = [
      { name: 'X-Api-Key', value: '••••ue' },
      { name: 'X-Short', value: '••••' },
    ];
    for (const answer of [
      await api.call('GET', path, undefined, { key }),
      await api.call('PUT', path, { ...smsDlr, customHeaders }, { key }),
      await api.call('POST', `${path}/disable`, undefined, { key }),
    ]) {
      expect(answer.body.customHeaders).toEqual(masked);
    }
    const list = await api.call('GET', '/v1/webhooks', undefined, { key });
    expect(list.text).not.toContain('s3cret');
  });

  it('are kept when what GET answered is PUT again, and can be changed one by one', async () => {
    const path = await create({ ...smsDlr, customHeaders });
    const got = (await api.call('GET', path, undefined, { key })).body;
    expect((await api.call('PUT', path, got, { key })).status).toBe(200);
    const id = path.split('/').at(-1) ?? '';
    expect((await api.services.directory.getWebhook(id))?.customHeaders).toEqual(customHeaders);
    const [first] = got.customHeaders as unknown as [object];
    const changed = [first, { name: 'X-Short', value: 'new' }];
    const { version: _version, ...body } = got;
    expect((await api.call('PUT', path, { ...body, customHeaders: changed }, { key })).status).toBe(200);
    expect((await api.services.directory.getWebhook(id))?.customHeaders).toEqual([
      customHeaders[0],
      { name: 'X-Short', value: 'new' },
    ]);
  });

  it('do not go to another host than the one they were saved for', async () => {
    const path = await create({ ...smsDlr, customHeaders });
    const { version: _version, ...body } = (await api.call('GET', path, undefined, { key })).body;
    const elsewhere = { ...body, url: 'https://collector.example.org/dlr' };
    const saved = await api.call('PUT', path, elsewhere, { key });
    expect(saved.status).toBe(422);
    expect(saved.body.errors).toMatchObject([
      { path: 'customHeaders[0].value', message: expect.stringContaining('only for the host') },
      { path: 'customHeaders[1].value' },
    ]);
    const otherPath = { ...body, url: `${new URL(String(smsDlr.url)).origin}/another/path` };
    expect((await api.call('PUT', path, otherPath, { key })).status).toBe(200);
  });

  it('cannot be a mask of something else', async () => {
    const headers = [{ name: 'X-Api-Key', value: '••••ue' }];
    const created = await api.call('POST', '/v1/webhooks', { ...smsDlr, customHeaders: headers }, { key });
    expect(created.body.errors).toMatchObject([{ path: 'customHeaders[0].value' }]);
  });
});

describe('what the gateway sets itself', () => {
  it('may be sent back, but not changed', async () => {
    const path = await create();
    const got = (await api.call('GET', path, undefined, { key })).body;
    const answer = await api.call('PUT', path, { ...got, id: 'wh_x', status: 'disabled' }, { key });
    expect(answer.body.errors).toMatchObject([
      { path: 'id' },
      { path: 'status', message: expect.stringContaining('/disable') },
    ]);
  });

  it('keeps two people from overwriting each other, by the version', async () => {
    const path = await create();
    const got = (await api.call('GET', path, undefined, { key })).body;
    expect((await api.call('PUT', path, got, { key })).body.version).toBe(2);
    expect((await api.call('PUT', path, got, { key })).body).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('is saved by one of two people who save the same version at once', async () => {
    const path = await create();
    const got = (await api.call('GET', path, undefined, { key })).body;
    const saves = ['a', 'b'].map((description) => api.call('PUT', path, { ...got, description }, { key }));
    const answers = await Promise.all(saves);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const saved = answers.find(({ status }) => status === 200);
    expect((await api.call('GET', path, undefined, { key })).body).toMatchObject({
      version: 2,
      description: saved?.body.description,
    });
  });
});

describe('the signing secret', () => {
  it('is read and rotated with an overlap of 24 hours unless told', async () => {
    const path = await create();
    expect((await api.call('GET', `${path}/secret`, undefined, { key })).body).toEqual({
      secret: 'whsec_1',
      publicKey: null,
      previous: [],
    });
    const rotated = await api.call('POST', `${path}/secret/rotate`, undefined, { key });
    expect(rotated.body).toEqual({
      secret: 'whsec_2',
      publicKey: null,
      previous: [{ secret: 'whsec_1', publicKey: null, expiresAt: '2026-11-23T10:00:00.000Z' }],
    });
    expect(api.told.at(-1)).toMatch(/ v1 enabled 2$/);
    const again = await api.call('POST', `${path}/secret/rotate`, { overlapHours: 0.5 }, { key });
    expect(again.body).toMatchObject({
      secret: 'whsec_3',
      publicKey: null,
      previous: [
        { secret: 'whsec_2', publicKey: null, expiresAt: '2026-11-22T10:30:00.000Z' },
        { secret: 'whsec_1', publicKey: null, expiresAt: '2026-11-22T10:30:00.000Z' },
      ],
    });
  });

  it.each([{ overlapHours: -1 }, { overlapHours: 169 }, { overlapHours: 'x' }, { overlap: 1 }])(
    'is not rotated with %j',
    async (body) => {
      const path = await create();
      const answer = await api.call('POST', `${path}/secret/rotate`, body, { key });
      expect(answer.body).toMatchObject({ status: 422, errors: [{ path: Object.keys(body)[0] }] });
    },
  );

  const own = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const pair = {
    secret: `whsk_${Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex').toString('base64')}`,
    publicKey: 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  };

  it("may be one's own, from the start and at a rotation, of both kinds", async () => {
    const path = await create({ ...smsDlr, secret: own } as object);
    const read = async () => (await api.call('GET', `${path}/secret`, undefined, { key })).body;
    expect(await read()).toEqual({ secret: own, publicKey: null, previous: [] });
    const rotated = await api.call('POST', `${path}/secret/rotate`, { secret: pair.secret }, { key });
    expect(rotated.body).toMatchObject({ ...pair, previous: [{ secret: own, publicKey: null }] });
    const again = await api.call('POST', `${path}/secret/rotate`, { secret: pair.secret }, { key });
    expect(again.body.errors).toMatchObject([{ path: 'secret', message: 'is the one that signs already.' }]);
    expect(await read()).toEqual(rotated.body);
  });

  it.each<[object, string]>([
    [{ secret: 'whsec_short' }, 'secret'],
    [{ secret: 5 }, 'secret'],
    [{ signature: 'v2' }, 'signature'],
    [{ signature: 'v1a', secret: own }, 'signature'],
  ])('is refused when it is %j, together with what else is wrong, and never shown', async (given, place) => {
    const answer = await api.call('POST', '/v1/webhooks', { ...smsDlr, url: 'x', ...given }, { key });
    expect(answer.body.errors.map(({ path }) => path).sort()).toEqual([place, 'url'].sort());
    expect(answer.text).not.toContain('short');
    const rotation = await api.call('POST', `${await create()}/secret/rotate`, given, { key });
    expect(rotation.status).toBe(422);
  });

  it('is no part of a webhook: a PUT takes none', async () => {
    const answer = await api.call('PUT', await create(), { ...smsDlr, secret: own }, { key });
    expect(answer.body.errors).toMatchObject([{ path: 'secret' }]);
  });
});
