import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { blockedHostDetail } from '../../core/blocked-host.ts';
import { systemClock } from '../../core/clock.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { expired, selfSigned } from '../../testing/receiver/certificates.ts';
import { createGuard } from '../guard/guard.ts';
import { LookupTurnError, NameError } from '../names/name-error.ts';
import type { Names, Resolution } from '../names/names.ts';
import type { Resolve } from '../names/stand-in.ts';
import { ample, request, stageSending } from '../testing/sending.ts';
import { createSender } from './sender.ts';

const { answering, open, opened, rawServer, receive } = stageSending();

describe('a host with a dot at its end', () => {
  it('is called by its name without the dot', async () => {
    const receiver = await receive();
    const origin = `http://hooks.example.:${new URL(receiver.url).port}`;
    await open(origin).send(request(origin), ample);
    expect((await receiver.next()).headers.host).toBe(`hooks.example:${new URL(receiver.url).port}`);
  });

  it('is named without it in the TLS handshake too, and its certificate fits', async () => {
    const named = Promise.withResolvers<string>();
    const server = createTlsServer({
      ...selfSigned,
      SNICallback(name, done) {
        named.resolve(name);
        done(null);
      },
    });
    server.on('secureConnection', (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push({ [Symbol.asyncDispose]: async () => void server.close() });
    const origin = `https://hooks.example.:${(server.address() as AddressInfo).port}`;
    const result = await open(origin, { ca: selfSigned.cert }).send(request(origin), ample);
    expect(result).toMatchObject({ statusCode: 204, error: null });
    expect(await named.promise).toBe('hooks.example');
  });
});

describe('the connection', () => {
  it('is refused', async () => {
    const receiver = await receive();
    await receiver.close();
    const result = await open(receiver.url).send(request(receiver.url), ample);
    expect(result).toMatchObject({ statusCode: null, error: { class: 'refused' } });
  });

  it('is refused by every address of a name', async () => {
    const { port } = new URL((await receive()).url);
    const resolve: Resolve = (_n, _o, callback) =>
      callback(null, [
        { address: '127.0.0.2', family: 4 },
        { address: '::1', family: 6 },
      ]);
    const origin = `http://hooks.example:${Number(port)}`;
    const channel = open(origin, { resolve, allowNetworks: ['127.0.0.0/8', '::1'] });
    expect((await channel.send(request(origin), ample)).error?.class).toBe('refused');
  });

  it('is made to the next address when the first does not answer', async () => {
    const receiver = await receive();
    const resolve: Resolve = (_n, _o, callback) =>
      callback(null, [
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const origin = `http://hooks.example:${new URL(receiver.url).port}`;
    expect(await open(origin, { resolve }).send(request(origin), ample)).toMatchObject({ statusCode: 200 });
  });

  it('fails when the name is not in DNS', async () => {
    const resolve: Resolve = (_n, _o, callback) =>
      callback(new NameError('There is no hooks.example in DNS (NXDOMAIN).'), []);
    const result = await open('http://hooks.example', { resolve }).send(
      request('http://hooks.example'),
      ample,
    );
    expect(result.error).toEqual({
      class: 'dns',
      detail: 'There is no hooks.example in DNS (NXDOMAIN).',
    });
  });

  it('is not made to a blocked literal address, in any spelling', async () => {
    const receiver = await receive();
    const { port } = new URL(receiver.url);
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      '[::7f00:1]',
      '127.0.0.1.',
    ]) {
      const origin = `http://${host}:${port}`;
      const result = await open(origin, { allowNetworks: [] }).send(request(origin), ample);
      expect(result.error, host).toMatchObject({
        class: 'blocked_address',
        detail: expect.stringContaining('only public addresses'),
      });
    }
    expect(receiver.requests).toHaveLength(0);
  });

  it('is not made to a name that resolves to a blocked address', async () => {
    const receiver = await receive();
    const origin = `http://hooks.example:${new URL(receiver.url).port}`;
    const result = await open(origin, { allowNetworks: [] }).send(request(origin), ample);
    expect(result.error?.class).toBe('blocked_address');
    expect(result.error?.detail).toBe(blockedHostDetail);
    expect(receiver.requests).toHaveLength(0);
  });

  it('goes to an address that was vetted, even when the name changes its answer', async () => {
    const receiver = await receive({ host: '127.0.0.1' });
    const { port } = new URL(receiver.url);
    let asked = 0;
    const resolve: Resolve = (_n, _o, callback) =>
      callback(null, [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.9', family: 4 }]);
    const origin = `http://hooks.example:${port}`;
    const result = await open(origin, { resolve, allowNetworks: ['127.0.0.1/32'] }).send(
      request(origin),
      ample,
    );
    expect(result.statusCode).toBe(200);
    expect(asked).toBe(1);
  });

  it('has the deadline over the name’s resolution', async () => {
    const clock = createManualClock();
    const channel = open('http://hooks.example', { clock, resolve: () => {} });
    const sent = channel.send(request('http://hooks.example'), 10_000);
    clock.advance(10_000);
    expect((await sent).error).toEqual({
      class: 'dns',
      detail: 'The name of hooks.example was not found within 10 s: no name server answered for it in time.',
    });
  });

  it('waits for its turn to look the name up, which is nobody’s time', async () => {
    const clock = createManualClock();
    const receiver = await receive({ clock, script: [200] });
    const { port } = new URL(receiver.url);
    const asked = Promise.withResolvers<{ onTurn: () => void; settle: (found: Resolution) => void }>();
    const names: Pick<Names, 'resolve'> = {
      resolve: (_, { onTurn = () => {} }) => new Promise((settle) => asked.resolve({ onTurn, settle })),
    };
    const sender = createSender({ clock, guard: createGuard({ allowNetworks: ['127.0.0.0/8'], names }) });
    opened.push(sender);
    const origin = `http://hooks.example:${port}`;
    const sent = sender.open(origin, { connections: 1 }).send(request(origin), 1_000);
    const { onTurn, settle } = await asked.promise;
    clock.advance(60_000);
    onTurn();
    clock.advance(900);
    settle({ addresses: [{ address: '127.0.0.1', family: 4 }] });
    expect(await sent).toMatchObject({ statusCode: 200, durationMs: 900 });
  });

  it('gives a look-up whose turn never came back, as no attempt', async () => {
    const names: Pick<Names, 'resolve'> = { resolve: async () => ({ error: new LookupTurnError() }) };
    const shortages: string[] = [];
    const sender = createSender({
      clock: systemClock,
      guard: createGuard({ allowNetworks: [], names }),
      onShortage: (of) => void shortages.push(of),
    });
    opened.push(sender);
    const result = await sender
      .open('http://hooks.example', { connections: 1 })
      .send(request('http://hooks.example'), ample);
    expect(result).toMatchObject({ statusCode: null, shortage: 'lookups' });
    expect(shortages).toEqual(['lookups']);
  });

  it('has the deadline over the TLS handshake, and is closed by it', async () => {
    const clock = createManualClock();
    const accepted = Promise.withResolvers<Socket>();
    const server = await rawServer((socket) => accepted.resolve(socket));
    const origin = `https://${server.host}`;
    const sent = open(origin, { clock }).send(request(origin), 500);
    const socket = await accepted.promise;
    const closed = once(socket.resume(), 'close');
    clock.advance(500);
    expect((await sent).error?.class).toBe('timeout_connect');
    await closed;
  });
});

describe('TLS', () => {
  const send = async (tls: typeof expired, host: string, ca?: string) => {
    const receiver = await receive({ tls });
    const origin = `https://${host}:${new URL(receiver.url).port}`;
    return open(origin, ca === undefined ? {} : { ca }).send(request(origin), ample);
  };

  it('is verified against trusted authorities', async () => {
    expect(await send(selfSigned, 'hooks.example', selfSigned.cert)).toMatchObject({
      statusCode: 200,
      error: null,
    });
    expect(await send(selfSigned, '127.0.0.1', selfSigned.cert)).toMatchObject({
      statusCode: 200,
      error: null,
    });
  });

  it('fails for a self-signed certificate', async () => {
    const { error } = await send(selfSigned, 'hooks.example');
    expect(error).toMatchObject({ class: 'tls', detail: expect.stringContaining('is self-signed') });
  });

  it('fails for a certificate of another host, also where a session could be resumed', async () => {
    const receiver = await receive({ tls: selfSigned });
    const origin = `https://other.example:${new URL(receiver.url).port}`;
    const channel = open(origin, { ca: selfSigned.cert });
    for (let i = 0; i < 3; i++) {
      const { error } = await channel.send(request(origin), ample);
      expect(error).toMatchObject({
        class: 'tls',
        detail: expect.stringContaining('not made for other.example'),
      });
    }
    expect(receiver.requests).toHaveLength(0);
  });

  it('fails for an expired certificate', async () => {
    const { error } = await send(expired, 'localhost', expired.cert);
    expect(error).toMatchObject({
      class: 'tls',
      detail: expect.stringMatching(
        /^The certificate of localhost:\d+ has expired, or one that it sends with it; renew it\.$/,
      ),
    });
  });

  it('fails where plain HTTP is spoken', async () => {
    const server = await answering('HTTP/1.1 400 Bad Request\r\n\r\n');
    const origin = `https://${server.host}`;
    const { error } = await open(origin).send(request(origin), ample);
    expect(error).toMatchObject({ class: 'tls', detail: expect.stringContaining('does not speak TLS') });
  });
});
