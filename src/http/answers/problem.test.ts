import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture, operatorKey } from '../testing/http-fixture.ts';

let api: HttpFixture;
beforeAll(async () => {
  api = await createHttpFixture(createManualClock(), { bodyLimitBytes: 1000 });
});
afterAll(() => api.app.close());

const json = { headers: { 'content-type': 'application/json' } };

describe('an error', () => {
  it('is a problem document with a stable type and code', async () => {
    const answer = await api.call('GET', '/v1/accounts/acc_none');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({
      type: 'urn:hookwire:error:not_found',
      title: 'There is no such resource',
      status: 404,
      detail: 'There is no account "acc_none".',
      code: 'not_found',
    });
  });

  it('of an unknown path names method and path, without the query', async () => {
    const answer = await api.call('GET', '/v1/nothing?secret=1', undefined, { key: null });
    expect(answer.body).toMatchObject({
      status: 404,
      code: 'not_found',
      detail: 'There is no GET /v1/nothing.',
    });
  });

  it.each(['/v1/sources', '/v1/messages', '/v1/tasks/t1', '/v1/webhooks/wh_1/stats'])(
    'says that %s is not there',
    async (path) => {
      expect((await api.call('GET', path)).status).toBe(404);
    },
  );

  it('of a method that a path does not have is 405 and says which it has, without reading the body', async () => {
    const answer = await api.call('DELETE', '/v1/webhooks', 'x', {
      headers: { 'content-type': 'text/plain' },
    });
    expect(answer.body).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(answer.headers.allow).toBe('POST, GET, HEAD');
  });

  it('of broken JSON says where it breaks', async () => {
    const answer = await api.call('POST', '/v1/accounts', '{\n  "name": Acme\n}', json);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(answer.body.detail).toMatch(/line 2|position 12|Acme/);
  });

  it('of a body that ends early is 400', async () => {
    const answer = await api.call('POST', '/v1/accounts', '{"name":', json);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('of no body says that one is needed', async () => {
    const answer = await api.call('POST', '/v1/accounts', '', json);
    expect(answer.body).toMatchObject({
      status: 422,
      errors: [{ path: '', message: 'The body must be an object.' }],
    });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'of a body as %s is 415',
    async (type) => {
      const answer = await api.call('POST', '/v1/accounts', 'name=a', { headers: { 'content-type': type } });
      expect(answer.body).toMatchObject({ status: 415, code: 'unsupported_media_type' });
      expect(answer.body.detail).toContain(type);
    },
  );

  it.each([
    ['application/json; charset=latin1', 415],
    ['application/json;charset="UTF-16"', 415],
    ['application/json; charset=UTF-8', 201],
    ['application/json; charset="utf8"', 201],
    ["application/json; Charset = 'utf-8'", 201],
    ['application/json; charset=utf-8; charset=latin1', 415],
    ['application/json; charset=us-ascii', 415],
  ])('of a body as %s is %i', async (type, status) => {
    const answer = await api.call('POST', '/v1/accounts', '{"name":"a"}', {
      headers: { 'content-type': type },
    });
    expect(answer.status).toBe(status);
  });

  it.each([
    ['br, identity', 415],
    ['deflate', 415],
    ['zstd', 415],
    ['gzip, gzip', 415],
    ['gzip, br', 415],
    ['Identity', 201],
  ])('of a body with Content-Encoding %s is %i', async (encoding, status) => {
    const answer = await api.call('POST', '/v1/accounts', '{"name":"a"}', {
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
    });
    expect(answer.status).toBe(status);
    if (status !== 415) return;
    expect(answer.body.detail).toContain('Content-Encoding');
    expect(answer.headers['accept-encoding']).toBe('gzip');
  });

  it.each(['gzip', ' X-GZIP', 'identity, gzip'])('of a body that came as %s is none', async (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const payload = (body: string | Buffer) =>
      api.app.inject({
        method: 'POST',
        url: '/v1/accounts',
        headers: { ...headers, authorization: `Bearer ${operatorKey}` },
        payload: gzipSync(body),
      });
    expect((await payload('{"name":"Zoë"}')).statusCode).toBe(201);
    expect((await payload('\ufeff{"name":"Zoë"}')).statusCode).toBe(201);
    expect((await payload('')).statusCode).toBe(422);
    const broken = await payload(Buffer.from([0x7b, 0xe9, 0x7d]));
    expect(broken.json()).toMatchObject({
      status: 400,
      detail: expect.stringContaining('byte 1 of what is unpacked'),
    });
    const large = await payload(`{"name":"${'x'.repeat(200_000)}"}`);
    expect(large.json()).toMatchObject({
      status: 413,
      detail: 'The body has more than 1000 bytes when it is unpacked, the most that POST /v1/accounts takes.',
    });
  });

  it('of a body that is no gzip, although it says so, is 400', async () => {
    const answer = await api.call('POST', '/v1/accounts', '{"name":"a"}', {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(answer.body).toMatchObject({ status: 400, detail: expect.stringContaining('Content-Encoding') });
  });

  it.each([
    ['/v1/deliveries?mobileNumber=%E9', 'see %E9 at 28'],
    ['/v1/deliveries?messageId=a%c3%a9%ff', 'see %ff at 32'],
  ])('of the URL %s, which is not UTF-8, is 400 and says where', async (path, where) => {
    const answer = await api.call('GET', path);
    expect(answer.body).toMatchObject({ status: 400, detail: expect.stringContaining(where) });
  });

  it.each([
    '/v1/deliveries?messageId=%C3%A9%F0%9F%99%82',
    '/v1/webhooks?q=100%25&product=sms',
    '/v1/webhooks?q=100%',
  ])('of the URL %s is none', async (path) => {
    expect((await api.call('GET', path)).status).toBe(200);
  });

  it('of a body beyond the limit is 413 and names the limit', async () => {
    const answer = await api.call('POST', '/v1/accounts', { name: 'x'.repeat(1000) });
    expect(answer.body).toMatchObject({
      status: 413,
      code: 'too_large',
      detail: expect.stringContaining('1000 bytes'),
    });
  });

  it.each([
    ['/v1/session', '16 KiB', 'POST /v1/session'],
    ['/v1/accounts/acc_1/keys', '16 KiB', 'POST /v1/accounts/:id/keys'],
    ['/v1/webhooks/wh_1/enable', '16 KiB', 'POST /v1/webhooks/:id/enable'],
    ['/v1/webhooks', '256 KiB', 'POST /v1/webhooks'],
    ['/v1/webhooks/wh_1/test', '384 KiB', 'POST /v1/webhooks/:id/test'],
    ['/v1/webhooks/preview', '640 KiB', 'POST /v1/webhooks/preview'],
    ['/v1/events', '4096 KiB', 'POST /v1/events'],
  ])('of a body beyond the limit of %s is 413 and names it: %s', async (path, limit, route) => {
    const roomy = await createHttpFixture(createManualClock());
    const answer = await roomy.call('POST', path, `"${'x'.repeat(4 * 1024 * 1024)}"`, json);
    expect(answer.body).toMatchObject({
      status: 413,
      detail: `The body has more than ${limit}, the most that ${route} takes.`,
    });
    await roomy.app.close();
  });

  it('of a body that nests too deep, or has too many values, says what is too much', async () => {
    const deep = await api.call('POST', '/v1/accounts', '['.repeat(70), json);
    expect(deep.body).toMatchObject({ status: 400, detail: expect.stringContaining('64 levels') });
    const roomy = await createHttpFixture(createManualClock());
    const many = await roomy.call('POST', '/v1/accounts', `[${'1,'.repeat(2_000)}1]`, json);
    expect(many.body).toMatchObject({ status: 413, detail: expect.stringContaining('1000 values') });
    await roomy.app.close();
  });

  it('of a body that is not UTF-8 is 400 and says where', async () => {
    const body = Buffer.concat([Buffer.from('{"name":"é�'), Buffer.from([0xff]), Buffer.from('"}')]);
    const answer = await api.app.inject({
      method: 'POST',
      url: '/v1/accounts',
      headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' },
      payload: body,
    });
    expect(answer.json()).toMatchObject({
      status: 400,
      detail: expect.stringContaining('not UTF-8: see its byte 14, 0xFF'),
    });
  });

  it('of too many headers is 431', async () => {
    const headers = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, 'a']));
    const answer = await api.call('GET', '/healthz', undefined, { headers });
    expect(answer.body).toMatchObject({ status: 431, code: 'headers_too_large' });
  });

  it('of a path that cannot be decoded is 400', async () => {
    const answer = await api.call('GET', '/v1/webhooks/%zz');
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('of ours is logged with its cause, and says nothing of it outside', async () => {
    const fails = await createHttpFixture(createManualClock());
    const cause = new Error('secret detail of the disk');
    Reflect.set(fails.services.directory, 'listAccounts', () => Promise.reject(cause));
    const answer = await fails.call('GET', '/v1/accounts');
    expect(answer.body).toMatchObject({ status: 500, code: 'internal' });
    expect(answer.text).not.toContain('disk');
    expect(fails.logged).toEqual([
      { details: { err: cause, method: 'GET', route: '/v1/accounts' }, message: 'A request failed.' },
    ]);
    await fails.app.close();
  });
});

describe('an unknown field', () => {
  it('is refused by its path, with the field that was perhaps meant', async () => {
    const answer = await api.call('POST', '/v1/accounts', { name: 'a', Idd: 'x' });
    expect(answer.body).toMatchObject({
      status: 422,
      code: 'invalid_input',
      errors: [{ path: 'Idd', message: 'is not a known field. Did you mean "id"?' }],
    });
  });

  it('in the query is refused too', async () => {
    const answer = await api.call('GET', '/v1/accounts?limt=5');
    expect(answer.body.errors).toEqual([
      { path: 'query.limt', message: 'is not a known query parameter. Did you mean "limit"?' },
    ]);
  });

  it('in the query of a call without parameters is refused too', async () => {
    const answer = await api.call('GET', '/v1/accounts/acc_1?x=1');
    expect(answer.body.errors).toEqual([{ path: 'query.x', message: 'is not a known query parameter.' }]);
  });
});

describe('half of a surrogate pair', () => {
  const half = 'Asha \ud83d';
  it.each([
    ['POST', '/v1/accounts', { name: half }, 'name'],
    ['PATCH', '/v1/accounts/acc_1', { name: half }, 'name'],
    ['POST', '/v1/accounts/acc_1/keys', { name: half, scopes: ['admin'] }, 'name'],
    ['POST', '/v1/accounts/acc_1/portal-links', { name: half }, 'name'],
    ['POST', '/v1/people', { accountId: 'acc_1', name: half, email: 'a@example.com', role: 'owner' }, 'name'],
    ['POST', '/v1/erasures', { userId: half }, 'userId'],
    [
      'POST',
      '/v1/senders',
      { accountId: 'acc_1', product: 'whatsapp', productUniqueId: '919999999999', label: half },
      'label',
    ],
  ] as const)('is refused at its place: %s %s', async (method, path, body, place) => {
    const { body: answer } = await api.call(method, path, body);
    expect([answer.status, answer.errors]).toEqual([
      422,
      [{ path: place, message: 'has half of a surrogate pair, which is not text.' }],
    ]);
  });
});

it('a change that changes nothing says what could be changed', async () => {
  const { body } = await api.call('PATCH', '/v1/accounts/acc_1', {});
  expect([body.status, body.errors]).toEqual([
    422,
    [{ path: '', message: 'The body must have at least one of "name", "limits", "keep".' }],
  ]);
});

it('an empty content type is told what to send, and of none that came', async () => {
  const headers = { 'content-type': '' };
  const { body } = await api.call('POST', '/v1/accounts', '{"name":"x"}', { headers });
  expect([body.status, body.detail]).toEqual([415, 'Send the body as application/json.']);
});

describe('a query', () => {
  it.each([
    ['limit=0', 'must be from 1 to 500.'],
    ['limit=501', 'must be from 1 to 500.'],
    ['limit=x', 'must be a whole number.'],
    ['limit=true', 'must be a whole number.'],
    ['limit=0x10', 'must be a whole number.'],
    ['limit=%2050', 'must be a whole number.'],
    ['limit=+50', 'must be a whole number.'],
    ['limit=5e1', 'must be a whole number.'],
    ['limit=50.0', 'must be a whole number.'],
    ['limit=050', 'must be a whole number.'],
    ['limit=1&limit=2', 'must be given once.'],
  ])('%s is refused', async (query, message) => {
    const answer = await api.call('GET', `/v1/accounts?${query}`);
    expect(answer.body.errors).toEqual([{ path: 'query.limit', message }]);
  });

  it('may leave a value empty', async () => {
    expect((await api.call('GET', '/v1/accounts?limit=&cursor=')).status).toBe(200);
  });

  it('is refused without a value too when nobody knows it', async () => {
    const answer = await api.call('GET', '/v1/accounts?limits=');
    expect(answer.body.errors).toMatchObject([{ path: 'query.limits' }]);
  });
});

it('takes no key from anywhere but the Authorization header', async () => {
  const answer = await api.call('GET', `/v1/accounts?key=${operatorKey}`, undefined, { key: null });
  expect(answer.status).toBe(401);
});
