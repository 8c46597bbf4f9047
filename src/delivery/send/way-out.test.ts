import { afterEach, describe, expect, it } from 'vitest';
import { blockedHostDetail } from '../../core/blocked-host.ts';
import type { Clock } from '../../core/clock.ts';
import { systemClock } from '../../core/clock.ts';
import type { ProxyNews } from '../../core/proxy-news.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createProxy, type ProxyMood, type TestProxy } from '../../testing/proxy.ts';
import { expired, selfSigned } from '../../testing/receiver/certificates.ts';
import { createReceiver } from '../../testing/receiver/receiver.ts';
import type { EgressProxy } from '../egress/settings.ts';
import { createGuard } from '../guard/guard.ts';
import { NameError } from '../names/name-error.ts';
import { standInNames } from '../names/stand-in.ts';
import { createSender } from './sender.ts';

/** 127.0.0.1 is this machine; the others are addresses that nobody has, and that only a proxy is asked for. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  'local.example': ['127.0.0.1'],
  'hooks.example': ['127.0.0.1'],
  'proxy.example': ['127.0.0.1'],
  'inside.example': ['10.1.2.3'],
  'two.example': ['10.9.9.9', '127.0.0.1'],
};

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

interface Setup {
  readonly proxy?: Partial<EgressProxy>;
  readonly clock?: Clock;
  readonly ca?: string;
  readonly allowNetworks?: readonly string[];
}

/** A gateway's sender behind a proxy. */
function behind(port: number, { proxy = {}, clock = systemClock, ca, allowNetworks }: Setup = {}) {
  const news: ProxyNews[] = [];
  const barred: string[] = [];
  const shortages: string[] = [];
  const names = standInNames((name, _options, callback) => {
    const known = addresses[name.toLowerCase()];
    if (known)
      callback(
        null,
        known.map((address) => ({ address, family: 4 })),
      );
    else callback(new NameError(`There is no ${name} in DNS (NXDOMAIN)`), []);
  });
  const sender = createSender({
    clock,
    guard: createGuard({
      allowNetworks: allowNetworks ?? ['127.0.0.0/8', '10.0.0.0/8'],
      names,
      onRefused: (host, reason) => void barred.push(`${host} ${reason}`),
    }),
    wayOut: {
      proxy: { secure: false, hostname: '127.0.0.1', port, authorization: null, except: [], ...proxy },
      names,
      onNews: (one) => void news.push(one),
    },
    onShortage: (of) => void shortages.push(of),
    ...(ca !== undefined && { ca }),
  });
  opened.push(sender);
  const channel = (origin: string) => sender.open(origin, { connections: 1 });
  return {
    news,
    barred,
    shortages,
    channel,
    send: (origin: string, timeoutMs = 20_000) => channel(origin).send(request(origin), timeoutMs),
  };
}

function request(origin: string): RenderedRequest {
  return { method: 'POST', origin, path: '/hook', headers: ['X-Tenant', '42'], body: '{"a":1}' };
}

async function proxied(...options: Parameters<typeof createProxy>): Promise<TestProxy> {
  const proxy = await createProxy(...options);
  opened.push(proxy);
  return proxy;
}

async function receive(...options: Parameters<typeof createReceiver>) {
  const receiver = await createReceiver(...options);
  opened.push(receiver);
  return { receiver, port: new URL(receiver.url).port };
}

const answering = (answer: string): ProxyMood => ({ answer });
const status = (line: string, headers = ''): ProxyMood =>
  answering(`HTTP/1.1 ${line}\r\n${headers}content-length: 0\r\n\r\n`);

describe('a way out by a proxy', () => {
  it('is a tunnel to the address that was looked up, for plain HTTP too, and is used again', async () => {
    const proxy = await proxied();
    const { receiver, port } = await receive();
    const origin = `http://local.example:${port}`;
    const { channel, news } = behind(proxy.port);
    const kept = channel(origin);
    for (let i = 0; i < 3; i++)
      expect(await kept.send(request(origin), 20_000)).toMatchObject({ statusCode: 200, error: null });
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.asked[0]).toMatchObject({
      target: `127.0.0.1:${port}`,
      headers: { host: `127.0.0.1:${port}` },
    });
    expect(proxy.asked[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect((await receiver.next()).headers.host).toBe(`local.example:${port}`);
    expect(news).toContainEqual({ kind: 'works' });
  });

  it.each([
    { through: 'http', secure: false, hostname: 'proxy.example' },
    { through: 'https', secure: true, hostname: '127.0.0.1' },
    { through: 'https', secure: true, hostname: 'hooks.example' },
  ])(
    'holds TLS with the endpoint by its name, over $through with $hostname',
    async ({ secure, hostname }) => {
      const proxy = await proxied(undefined, secure ? { tls: selfSigned } : {});
      const { port } = await receive({ tls: selfSigned });
      const origin = `https://local.example:${port}`;
      const { send } = behind(proxy.port, { ca: selfSigned.cert, proxy: { secure, hostname } });
      const { error } = await send(origin);
      expect(error).toMatchObject({
        class: 'tls',
        detail: expect.stringContaining('not made for local.example'),
      });
      expect(await send(`https://hooks.example:${port}`)).toMatchObject({ statusCode: 200, error: null });
      expect(await send(`https://127.0.0.1:${port}`)).toMatchObject({ statusCode: 200, error: null });
    },
  );

  it('tells the proxy its user and password', async () => {
    const proxy = await proxied();
    const { port } = await receive();
    const authorization = `Basic ${Buffer.from('me:pä:ss').toString('base64')}`;
    await behind(proxy.port, { proxy: { authorization } }).send(`http://127.0.0.1:${port}`);
    expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(authorization);
  });

  it('is not taken to an address that the guard refuses', async () => {
    const proxy = await proxied();
    const { send } = behind(proxy.port, { allowNetworks: ['192.0.2.0/24'] });
    for (const host of ['inside.example', 'local.example', '10.1.2.3', '[::1]', '169.254.169.254']) {
      const { error } = await send(`http://${host}`);
      expect(error).toEqual({ class: 'blocked_address', detail: blockedHostDetail });
    }
    expect(proxy.asked).toEqual([]);
  });

  it('leaves names to the gateway', async () => {
    const proxy = await proxied();
    expect((await behind(proxy.port).send('http://nobody.example')).error?.class).toBe('dns');
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ['a name', 'local.example', ['local.example']],
    ['a name in other letters', 'LOCAL.example.', ['Local.Example']],
    ['what is below a name', 'local.example', ['*.example']],
    ['a range', 'local.example', ['127.0.0.0/8']],
    ['an address', '127.0.0.1', ['127.0.0.1']],
  ])('is not taken to what is excepted by %s', async (_, host, except) => {
    const proxy = await proxied();
    const { port } = await receive();
    const { send } = behind(proxy.port, { proxy: { except } });
    expect(await send(`http://${host}:${port}`)).toMatchObject({ statusCode: 200, error: null });
    expect(proxy.asked).toEqual([]);
  });

  it.each([['xlocal.example'], ['sub.local.example'], ['*.local.example'], ['10.0.0.0/8']])(
    'is taken although %s is excepted',
    async (except) => {
      const proxy = await proxied();
      const { port } = await receive();
      const { send } = behind(proxy.port, { proxy: { except: [except] } });
      expect((await send(`http://local.example:${port}`)).statusCode).toBe(200);
      expect(proxy.asked).toHaveLength(1);
    },
  );

  it('passes on what an endpoint sends before it is asked', async () => {
    const early = 'HTTP/1.1 503 Busy\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfull';
    const proxy = await proxied(() => answering(`HTTP/1.1 200 OK\r\n\r\n${early}`));
    const result = await behind(proxy.port).send('http://10.1.2.3');
    expect(result).toMatchObject({ statusCode: 503 });
    expect(result.body.toString()).toBe('full');
  });

  it('loses nothing of what comes right behind the answer, in however many pieces', async () => {
    const body = 'x'.repeat(200_000);
    const early = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const proxy = await proxied(() => answering(`HTTP/1.1 200 OK\r\n\r\n${early}`));
    const result = await behind(proxy.port).send('http://10.1.2.3');
    expect(result).toMatchObject({ statusCode: 200, error: null });
    expect(result.body.length).toBe(65_536);
  });

  it('goes to an IPv6 address in brackets', async () => {
    const proxy = await proxied(() => status('502 Bad Gateway'));
    await behind(proxy.port, { allowNetworks: ['2001:db8::/32'] }).send('http://[2001:db8::5]:8080');
    expect(proxy.asked[0]).toMatchObject({
      target: '[2001:db8::5]:8080',
      headers: { host: '[2001:db8::5]:8080' },
    });
  });

  it('is read past answers that come before the answer, and by lines that end in LF', async () => {
    const answer = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 fine\nvia: x\n\nHTTP/1.1 204 No\r\n\r\n';
    const proxy = await proxied(() => answering(answer));
    expect(await behind(proxy.port).send('http://10.1.2.3')).toMatchObject({ statusCode: 204, error: null });
  });
});

describe('no way out', () => {
  const cases: readonly (readonly [string, ProxyMood, string, RegExp])[] = [
    [
      'wants a password',
      status('407 No', 'proxy-authenticate: Basic realm="x"\r\n'),
      'authentication',
      /name them in/,
    ],
    ['lets nobody out', status('403 Forbidden'), 'refused', /answers 403 .* addresses \(not names\)/],
    ['is a web server', status('405 Method Not Allowed'), 'refused', /answers 405 .* takes CONNECT/],
    ['redirects', status('302 Found', 'location: http://portal.example/\r\n'), 'refused', /answers 302/],
    ['wants fewer', status('429 Too Many Requests'), 'refused', /429/],
    ['speaks something else', answering('SSH-2.0-OpenSSH_9.2\r\n'), 'invalid', /not HTTP\/1\.1/],
    ['has a status of its own', answering('HTTP/1.1 abc\r\n\r\n'), 'invalid', /not HTTP\/1\.1/],
    ['sends long headers', answering(`HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(3000)}`), 'invalid', /16 KiB/],
    [
      'is a web server that takes anything',
      answering('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok'),
      'invalid',
      /as a web server does/,
    ],
    ['does not know who calls, by 401', status('401 No'), 'authentication', /\(401\)/],
    ['closes', 'close', 'closed', /closes connections/],
  ];

  it.each(cases)('is what a proxy that %s leaves, which is a shortage', async (_, mood, trouble, words) => {
    const proxy = await proxied(() => mood);
    const { send, news, shortages, barred } = behind(proxy.port);
    const result = await send('http://10.1.2.3');
    expect(result).toMatchObject({
      shortage: 'way_out',
      statusCode: null,
      error: { class: 'refused', detail: 'The gateway cannot get out of its own network.' },
    });
    expect(news).toEqual([{ kind: 'fails', trouble, detail: expect.stringMatching(words) }]);
    expect(shortages).toEqual(['way_out']);
    expect(barred).toEqual([]);
  });

  it('is told with the scheme that the proxy wants, and without the password', async () => {
    const proxy = await proxied(() =>
      status('407 No', 'Proxy-Authenticate: Negotiate\r\nproxy-authenticate: NTLM\r\n'),
    );
    const { send, news } = behind(proxy.port, { proxy: { authorization: 'Basic czNjcmV0' } });
    await send('http://10.1.2.3');
    expect(news[0]).toMatchObject({ detail: expect.stringContaining('Negotiate, NTLM') });
    expect(JSON.stringify(news)).not.toContain('czNjcmV0');
  });

  it('is there where the proxy is not', async () => {
    const gone = await createProxy();
    await gone[Symbol.asyncDispose]();
    const { send, news } = behind(gone.port);
    expect(await send('http://10.1.2.3')).toMatchObject({ shortage: 'way_out' });
    expect(news[0]).toMatchObject({
      trouble: 'unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is there where the proxy’s name is not found', async () => {
    const { send, news } = behind(1, { proxy: { hostname: 'noproxy.example' } });
    expect(await send('http://10.1.2.3')).toMatchObject({ shortage: 'way_out' });
    expect(news[0]).toMatchObject({ trouble: 'unresolved' });
  });

  it.each([
    ['is not trusted', selfSigned, undefined, /self-signed/],
    ['has expired', expired, expired.cert, /expired/],
  ])('is there where the proxy’s certificate %s', async (_, tls, ca, words) => {
    const proxy = await proxied(undefined, { tls });
    const { send, news } = behind(proxy.port, { proxy: { secure: true }, ...(ca && { ca }) });
    expect(await send('http://10.1.2.3')).toMatchObject({ shortage: 'way_out' });
    expect(news[0]).toMatchObject({ trouble: 'tls', detail: expect.stringMatching(words) });
  });

  it('is there where a proxy of plain HTTP is spoken to in TLS', async () => {
    const proxy = await proxied();
    const { send, news } = behind(proxy.port, { proxy: { secure: true } });
    expect(await send('http://10.1.2.3', 300)).toMatchObject({ shortage: 'way_out' });
    expect(news[0]?.kind).toBe('fails');
  });

  it('is there when the proxy answers nobody', async () => {
    const clock = createManualClock();
    const proxy = await proxied(() => 'silent', { probe: 'silent' });
    const { send, news } = behind(proxy.port, { clock });
    const sent = send('http://10.1.2.3', 5_000);
    await proxy.askedOften(1);
    clock.advance(500);
    await proxy.probedOften(1);
    clock.advance(4_500);
    expect(await sent).toMatchObject({ shortage: 'way_out' });
    expect(news[0]).toMatchObject({ trouble: 'silent' });
  });

  it('is there when the proxy’s answer does not end', async () => {
    const clock = createManualClock();
    const proxy = await proxied(() => answering('HTTP/1.1 200 OK\r\nvia:'));
    const { send, news } = behind(proxy.port, { clock });
    const sent = send('http://10.1.2.3', 5_000);
    await proxy.askedOften(1);
    clock.advance(500);
    await proxy.probesOver(1);
    clock.advance(4_500);
    expect(await sent).toMatchObject({ shortage: 'way_out' });
    expect(news[0]).toMatchObject({ trouble: 'silent', detail: expect.stringContaining('did not end') });
  });
});

describe('an address that the proxy does not reach', () => {
  it.each([
    ['502 Bad Gateway', 'refused', /cannot be reached/],
    ['503 Service Unavailable', 'refused', /cannot be reached/],
    ['500 Unable to connect', 'refused', /cannot be reached/],
    ['504 Gateway Timeout', 'timeout_connect', /does not answer connections/],
  ])('fails by itself: %s', async (line, errorClass, words) => {
    const proxy = await proxied(() => status(line));
    const { send, news } = behind(proxy.port);
    const { error, shortage } = await send('http://10.1.2.3');
    expect(shortage).toBeNull();
    expect(error).toEqual({ class: errorClass, detail: expect.stringMatching(words) });
    expect(error?.detail).not.toMatch(/proxy|50\d/i);
    expect(news).toEqual([]);
  });

  it('fails by itself when the proxy waits for it, and answers others', async () => {
    const clock = createManualClock();
    const proxy = await proxied(() => 'silent');
    const { send, news, shortages } = behind(proxy.port, { clock });
    const sent = send('http://10.1.2.3', 5_000);
    await proxy.askedOften(1);
    clock.advance(500);
    await proxy.probesOver(1);
    clock.advance(4_500);
    expect(await sent).toMatchObject({ shortage: null, error: { class: 'timeout_connect' } });
    expect([...news, ...shortages]).toEqual([]);
  });

  it('is not allowed where the proxy refuses it and lets others through', async () => {
    const proxy = await proxied((target) => (target.startsWith('127.') ? 'open' : status('403 Forbidden')));
    const { port } = await receive();
    const { send, barred, shortages } = behind(proxy.port);
    await send(`http://127.0.0.1:${port}`);
    const { error } = await send('http://inside.example');
    expect(error).toEqual({ class: 'blocked_address', detail: blockedHostDetail });
    expect(barred).toEqual(['inside.example may not be called by the egress proxy (403)']);
    expect(shortages).toEqual([]);
  });

  it('is not to blame any more when many are refused and nothing comes through', async () => {
    const proxy = await proxied(() => status('502 Bad Gateway'));
    const { send, news } = behind(proxy.port);
    for (let i = 1; i <= 4; i++) expect((await send(`http://10.1.2.${i}`)).shortage).toBeNull();
    expect((await send('http://10.1.2.1')).shortage).toBeNull();
    expect((await send('http://10.1.2.5')).shortage).toBe('way_out');
    expect(news[0]).toMatchObject({ trouble: 'refused', detail: expect.stringContaining('502') });
  });

  it('is to blame all the same when the proxy still lets out to whom it did before', async () => {
    const clock = createManualClock();
    const proxy = await proxied((target) => (target.startsWith('127.') ? 'open' : status('502 Bad')));
    const { port } = await receive();
    const { send } = behind(proxy.port, { clock });
    await send(`http://127.0.0.1:${port}`);
    clock.advance(120_000);
    for (let i = 1; i <= 4; i++) expect((await send(`http://10.1.2.${i}`)).shortage).toBeNull();
    const tried = proxy.tunnelsOver(1);
    expect((await send('http://10.1.2.5')).shortage).toBe('way_out');
    await tried;
    expect((await send('http://10.1.2.5')).shortage).toBeNull();
    expect(proxy.asked.filter(({ target }) => target === `127.0.0.1:${port}`)).toHaveLength(2);
  });

  it('has its other addresses tried', async () => {
    const proxy = await proxied((target) => (target.startsWith('127.0.0.1:') ? 'open' : status('502 Bad')));
    const { port } = await receive();
    const { send } = behind(proxy.port);
    expect(await send(`http://two.example:${port}`)).toMatchObject({ statusCode: 200, error: null });
    expect(proxy.asked.map(({ target }) => target)).toEqual([`10.9.9.9:${port}`, `127.0.0.1:${port}`]);
  });
});
