import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHttpServer, type HttpServer } from '../server.ts';
import { createHttpFixture, type HttpFixture, operatorKey } from '../testing/http-fixture.ts';
import { sendRaw } from '../testing/send-raw.ts';

let api: HttpFixture;
let server: HttpServer;
let url: string;
beforeAll(async () => {
  api = await createHttpFixture(createManualClock());
  server = createHttpServer(api.services);
  ({ url } = await server.listen('127.0.0.1', 0));
});
afterAll(async () => {
  await server.close();
  await api.app.close();
});

const send = (line: string, ...headers: string[]) =>
  sendRaw(url, [`${line} HTTP/1.1`, ...headers, 'connection: close', '', ''].join('\r\n'));
const key = `authorization: Bearer ${operatorKey}`;

describe('a request that says twice who is asked or who asks', () => {
  it.each([
    ['host', ['host: a', 'host: b', key]],
    ['host', ['Host: a', 'HOST: a', key]],
    ['authorization', ['host: a', key, 'authorization: Bearer other']],
    ['content-type', ['host: a', key, 'content-type: application/json', 'content-type: text/plain']],
    ['hookwire-account', ['host: a', key, 'hookwire-account: acc_1', 'hookwire-account: acc_2']],
  ])('is refused: %s', async (name, headers) => {
    const { head, body } = await send('GET /v1/accounts', ...headers);
    expect(head).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
    expect(body).toMatchObject({ code: 'invalid_request', detail: `The request has two "${name}" headers.` });
  });

  it('is not one that repeats another header', async () => {
    const { head } = await send(
      'GET /v1/accounts',
      'host: a',
      key,
      'accept: a/b',
      'accept: c/d',
      'cookie: a',
      'cookie: b',
    );
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
  });
});

it('a request without a host is refused with a problem', async () => {
  const { head, body } = await send('GET /healthz');
  expect(head).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
  expect(body).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('Host') });
});

describe('a host that is asked', () => {
  it.each(['a, b', 'a,b', 'a b', 'http://a', 'a/b', 'me@a', 'a:b', 'a:80:80', '[::1', '::1', 'a\tb', 'é'])(
    'is refused when it is no host: %s',
    async (host) => {
      const { head, body } = await send('GET /healthz', `host: ${host}`);
      expect(head).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
      expect(body).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('"host"') });
    },
  );

  it.each([
    'a',
    '',
    'my_host.internal:8080',
    '127.0.0.1:80',
    '[::1]:3000',
    'xn--bcher-kva.example.',
    'a%2Db',
    'a:',
  ])('is taken: "%s"', async (host) => {
    const { head } = await send('GET /healthz', `host: ${host}`);
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a method that a path does not have', () => {
  it.each([
    ['TRACE /v1/accounts', 'POST, GET, HEAD'],
    ['QUERY /v1/events', 'POST, GET, HEAD'],
    ['PROPFIND /v1/webhooks/wh_1', 'GET, HEAD, PUT, DELETE'],
    ['OPTIONS /healthz', 'GET, HEAD'],
    ['PUT /v1/deliveries/replay', 'POST'],
    ['PUT /v1/deliveries/dlv_1', 'GET, HEAD'],
    ['DELETE /docs/anything', 'GET, HEAD'],
    ['HEAD /v1/live', 'GET'],
  ])('is 405: %s', async (line, allow) => {
    const { head } = await send(line, 'host: a');
    expect(head).toMatch(/^HTTP\/1\.1 405 /);
    const allowed = /^allow: (.*)$/im.exec(head)?.[1]?.split(', ');
    expect(new Set(allowed)).toEqual(new Set(allow.split(', ')));
  });

  it.each(['TRACE', 'QUERY', 'POST', 'DELETE'])('is 404 where no method has the path: %s', async (method) => {
    const { head, body } = await send(`${method} /v1/nothing`, 'host: a');
    expect(head).toMatch(/^HTTP\/1\.1 404 /);
    expect(body).toMatchObject({ code: 'not_found', detail: `There is no ${method} /v1/nothing.` });
  });

  it('is refused before a body of any size is sent', async () => {
    const headers = ['host: a', 'content-type: application/json', 'content-length: 99999999'];
    expect((await send('POST /v1/nothing', ...headers)).head).toMatch(/^HTTP\/1\.1 404 /);
    expect((await send('POST /v1/tasks', ...headers)).head).toMatch(/^HTTP\/1\.1 405 /);
  });
});

describe('a request that Node would answer by itself', () => {
  it.each(['nonsense', '200-ok', ''])('is answered with a problem: it expects %j', async (expected) => {
    const { head, body } = await send('POST /v1/erasures', 'host: a', key, `expect: ${expected}`);
    expect(head).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
    expect(body).toMatchObject({
      code: 'invalid_request',
      detail: 'The Expect header can only be "100-continue": leave it out.',
    });
  });

  it('goes on where it expects to go on, in whatever case', async () => {
    const headers = { authorization: `Bearer ${operatorKey}`, expect: '100-Continue' };
    const call = request(`${url}/v1/erasures`, { method: 'POST', headers });
    const [goesOn, answered] = [once(call, 'continue'), once(call, 'response')];
    call.flushHeaders();
    await goesOn;
    call.end();
    const [answer] = (await answered) as [IncomingMessage];
    expect(answer.resume().statusCode).toBe(415);
  });

  it('is answered with a problem: a CONNECT, after which the connection closes', async () => {
    const { head, body } = await send('CONNECT example.com:443', 'host: example.com:443');
    expect(head).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
    expect(body).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('CONNECT') });
  });
});

it('a path below /docs that is not there is a problem too', async () => {
  const { head, body } = await send('GET /docs/nothing/here', 'host: a');
  expect(head).toMatch(/^HTTP\/1\.1 404 [\s\S]*application\/problem\+json/);
  expect(body).toMatchObject({ code: 'not_found' });
});

describe('what an error repeats of the request', () => {
  const long = 'x'.repeat(400);
  it.each([
    ['a path', `GET /v1/${long}`, []],
    ['an id', `GET /v1/webhooks/${long}`, [key]],
    ['an id that is too long for one', `GET /v1/webhooks/${long}${long}`, [key]],
    ['a path that cannot be decoded', `GET /v1/webhooks/${long}%zz`, [key]],
    ['a query parameter', `GET /v1/webhooks?${long}=1`, [key]],
    ['a content type', 'POST /v1/accounts', [key, `content-type: ${long}/json`, 'content-length: 1']],
  ])('is cut: %s', async (_what, line, headers) => {
    const { head, body } = await send(line, 'host: a', ...headers);
    expect(head).toMatch(/^HTTP\/1\.1 4/);
    expect(JSON.stringify(body)).not.toContain('x'.repeat(65));
  });
});
