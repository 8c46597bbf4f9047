import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createReceiver } from '../../testing/receiver/receiver.ts';
import { createGuard } from '../guard/guard.ts';
import { createSender, type SenderOptions } from './sender.ts';

const guard = createGuard({ allowNetworks: ['127.0.0.0/8'] });
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function setUp(
  script: Parameters<typeof createReceiver>[0],
  connections = 1,
  options: Partial<SenderOptions> = {},
) {
  const receiver = await createReceiver(script);
  const sender = createSender({ guard, clock: systemClock, ...options });
  opened.push(receiver, sender);
  const channel = sender.open(receiver.url, { connections });
  const post = (path: string): RenderedRequest => ({
    method: 'POST',
    origin: receiver.url,
    path,
    headers: [],
    body: 'x',
  });
  return {
    receiver,
    sender,
    channel,
    send: (path = '/', timeoutMs = 60_000) => channel.send(post(path), timeoutMs),
  };
}

/** Requests that hang until `answerAll`. */
function held() {
  const gate = createManualClock();
  return {
    options: { clock: gate, script: [{ status: 200, delayMs: 1000 }] },
    answerAll: () => gate.advance(1000),
  };
}

describe('a channel', () => {
  it('keeps its connection for the next request', async () => {
    const { receiver, send } = await setUp([200]);
    for (let i = 0; i < 3; i++) await send();
    expect(receiver.requests.map(({ socketId }) => socketId)).toEqual([1, 1, 1]);
  });

  it('opens no more connections than it may, and lets the rest wait in order', async () => {
    const { options, answerAll } = held();
    const { receiver, send } = await setUp(options, 2);
    const results = ['/1', '/2', '/3', '/4'].map((path) => send(path));
    const first = await receiver.take(2);
    answerAll();
    const second = await receiver.take(2);
    answerAll();
    for (const result of await Promise.all(results)) expect(result.statusCode).toBe(200);
    expect(first.map(({ path }) => path).sort()).toEqual(['/1', '/2']);
    expect(second.map(({ path }) => path).sort()).toEqual(['/3', '/4']);
    expect(new Set(receiver.requests.map(({ socketId }) => socketId)).size).toBe(2);
  });

  it('counts the wait for a connection into the deadline', async () => {
    const clock = createManualClock();
    const { receiver, send } = await setUp(['timeout'], 1, { clock });
    const busy = send('/busy', 60_000);
    await receiver.next();
    const waits = send('/waits', 1000);
    clock.advance(1000);
    expect((await waits).error).toMatchObject({
      class: 'timeout_connect',
      detail: expect.stringContaining('became free'),
    });
    clock.advance(59_000);
    expect((await busy).error?.class).toBe('timeout_headers');
    expect(receiver.requests).toHaveLength(1);
  });

  it('goes on with what waits after a failure', async () => {
    const { receiver, send } = await setUp(['garbage', 200]);
    const [bad, good] = await Promise.all([send('/bad'), send('/good')]);
    expect(bad.error?.class).toBe('invalid_response');
    expect(good.statusCode).toBe(200);
    expect(receiver.requests).toHaveLength(2);
  });

  it('gives the next request a new connection when the server closes each', async () => {
    const { receiver, send } = await setUp([{ status: 200, headers: { connection: 'close' } }]);
    const results = await Promise.all([send(), send(), send()]);
    expect(results.map(({ error, resent }) => error ?? resent)).toEqual([false, false, false]);
    expect(receiver.requests.map(({ socketId }) => socketId)).toEqual([1, 2, 3]);
  });

  it('closes a connection that carries nothing for a while', async () => {
    const hint = { status: 200, headers: { 'keep-alive': 'timeout=60' } };
    const clock = createManualClock();
    const { receiver, send } = await setUp([hint], 1, { idleMs: 20, clock });
    await send();
    clock.advance(20);
    await receiver.socketClosed(1);
    expect((await send()).statusCode).toBe(200);
    expect(receiver.requests.at(-1)?.socketId).toBe(2);
  });

  it('takes more and fewer connections when resized', async () => {
    const { options, answerAll } = held();
    const { receiver, channel, send } = await setUp(options, 1);
    const results = [send(), send(), send()];
    await receiver.next();
    channel.resize(3);
    await receiver.take(2);
    channel.resize(1);
    answerAll();
    await Promise.all(results);
    await Promise.race([
      Promise.all([receiver.socketClosed(1), receiver.socketClosed(2)]),
      Promise.all([receiver.socketClosed(1), receiver.socketClosed(3)]),
      Promise.all([receiver.socketClosed(2), receiver.socketClosed(3)]),
    ]);
  });
});

describe('a kept connection that breaks', () => {
  it('before any answer has its request sent once more, on a new connection', async () => {
    const { receiver, send } = await setUp([200, 'reset', 202]);
    expect((await send('/1')).resent).toBe(false);
    expect(await send('/2')).toMatchObject({ statusCode: 202, error: null, resent: true });
    expect(receiver.requests.map(({ path, socketId }) => [path, socketId])).toEqual([
      ['/1', 1],
      ['/2', 1],
      ['/2', 2],
    ]);
  });

  it('is replaced only once', async () => {
    const { receiver, send } = await setUp([200, 'close']);
    await send();
    expect(await send()).toMatchObject({ statusCode: null, error: { class: 'reset' }, resent: true });
    expect(receiver.requests).toHaveLength(3);
  });

  it('is not resent when the connection was new, or the answer had begun', async () => {
    const { receiver, send } = await setUp(['reset', 200, 'half']);
    expect(await send()).toMatchObject({ error: { class: 'reset' }, resent: false });
    await send();
    expect(await send()).toMatchObject({ error: { class: 'reset' }, resent: false });
    expect(receiver.requests).toHaveLength(3);
  });

  it('is not resent when the kept one had ended in order and this is a new one', async () => {
    const { receiver, send } = await setUp([{ status: 200, headers: { connection: 'close' } }, 'reset']);
    await send();
    expect(await send()).toMatchObject({ error: { class: 'reset' }, resent: false });
    expect(receiver.requests.map(({ socketId }) => socketId)).toEqual([1, 2]);
  });

  it('is not resent when the server had time to work on it', async () => {
    const clock = createManualClock();
    const broken = Promise.withResolvers<void>();
    const { receiver, send } = await setUp([200, 'timeout'], 1, { clock });
    await send('/1', 60_000);
    const slow = send('/2', 60_000).finally(broken.resolve);
    await receiver.take(2);
    clock.advance(1001);
    await receiver.close();
    expect(await slow).toMatchObject({ error: { class: 'reset' }, resent: false });
  });

  it('while idle costs the next request nothing', async () => {
    const { receiver, send } = await setUp([200]);
    await send();
    receiver.closeIdleConnections();
    await receiver.socketClosed(1);
    expect(await send()).toMatchObject({ statusCode: 200, error: null });
    expect(receiver.requests).toHaveLength(2);
  });
});

describe('closing', () => {
  it('lets requests end first, those that wait too, and closes the connections', async () => {
    const { options, answerAll } = held();
    const { receiver, channel, send } = await setUp(options, 1);
    const results = [send('/1'), send('/2')];
    await receiver.next();
    const closed = channel.close();
    expect((await send('/late')).error?.class).toBe('reset');
    answerAll();
    await receiver.next();
    answerAll();
    await closed;
    expect((await Promise.all(results)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    await receiver.socketClosed(1);
    expect(receiver.requests).toHaveLength(2);
  });

  it('by force ends everything at once', async () => {
    const { receiver, sender, send } = await setUp(['timeout'], 1);
    const results = [send('/1'), send('/2')];
    await receiver.next();
    await sender.destroy();
    for (const result of await Promise.all(results)) {
      expect(result.error).toMatchObject({ class: 'reset', detail: expect.stringContaining('is stopping') });
    }
    await receiver.socketClosed(1);
    expect(receiver.requests).toHaveLength(1);
  });

  it('a sender closes all its channels', async () => {
    const { receiver, sender, channel, send } = await setUp([200]);
    const other = sender.open(receiver.url, { connections: 1 });
    await send();
    await sender.close();
    await receiver.socketClosed(1);
    for (const one of [channel, other]) {
      const result = await one.send(
        { method: 'GET', origin: receiver.url, path: '/', headers: [], body: null },
        1000,
      );
      expect(result.error?.class).toBe('reset');
    }
  });

  it('with nothing under way resolves at once, twice too', async () => {
    const { channel } = await setUp([200]);
    await channel.close();
    await channel.destroy();
  });
});
