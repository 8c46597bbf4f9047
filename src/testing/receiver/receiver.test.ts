import { Agent, request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../manual-clock.ts';
import { selfSigned } from './certificates.ts';
import { createReceiver } from './receiver.ts';

const status = async (url: string) => {
  const { statusCode, body } = await request(url);
  await body.dump();
  return statusCode;
};

describe('the scripted receiver', () => {
  it('records a request as it came', async () => {
    await using receiver = await createReceiver({ clock: createManualClock(1000) });
    const headers = ['X-One', '1', 'x-two', 'b', 'X-Two', 'c'];
    await request(`${receiver.url}/a%20b?c=+`, { method: 'POST', headers, body: 'hé' });
    const received = await receiver.next();
    expect(received).toMatchObject({
      method: 'POST',
      path: '/a%20b?c=+',
      arrivedAt: 1000,
      socketId: 1,
      answer: 200,
    });
    expect(received.rawHeaders.slice(-8)).toEqual([...headers, 'content-length', '3']);
    expect(received.headers).toMatchObject({ 'x-one': '1', 'x-two': 'b, c' });
    expect(received.body.toString()).toBe('hé');
    expect(receiver.requests).toEqual([received]);
  });

  it('plays its script, repeats the last answer and takes a new one', async () => {
    await using receiver = await createReceiver([
      503,
      { status: 429, headers: { 'retry-after': '2' }, body: 'slow' },
      204,
    ]);
    const seen = [];
    for (let i = 0; i < 4; i++) seen.push(await status(receiver.url));
    receiver.play([418]);
    seen.push(await status(receiver.url));
    expect(seen).toEqual([503, 429, 204, 204, 418]);
    expect((await receiver.take(5)).map(({ answer }) => typeof answer)).toEqual([
      'number',
      'object',
      'number',
      'number',
      'number',
    ]);
  });

  it('answers by a function of the request', async () => {
    await using receiver = await createReceiver(({ path }) => (path === '/bad' ? 500 : 200));
    expect(await status(`${receiver.url}/bad`)).toBe(500);
    expect(await status(`${receiver.url}/good`)).toBe(200);
  });

  it('answers late by its clock', async () => {
    const clock = createManualClock();
    await using receiver = await createReceiver({ clock, script: [{ status: 200, delayMs: 5000 }] });
    const answer = status(receiver.url);
    await receiver.next();
    clock.advance(4999);
    expect(clock.waiting).toBe(1);
    clock.advance(1);
    expect(await answer).toBe(200);
  });

  it('hands each request to one waiter, in order', async () => {
    await using receiver = await createReceiver();
    const both = Promise.all([receiver.next(), receiver.next()]);
    await status(`${receiver.url}/1`);
    await status(`${receiver.url}/2`);
    await status(`${receiver.url}/3`);
    expect((await both).map(({ path }) => path)).toEqual(['/1', '/2']);
    expect((await receiver.next()).path).toBe('/3');
  });

  it('speaks TLS with its own certificate', async () => {
    await using receiver = await createReceiver({ tls: true });
    const dispatcher = new Agent({ connect: { ca: selfSigned.cert } });
    const { statusCode } = await request(receiver.url, { dispatcher });
    expect(statusCode).toBe(200);
    await dispatcher.destroy();
    await receiver.socketClosed(1);
  });

  it('says when its port is taken', async () => {
    await using receiver = await createReceiver();
    const port = Number(new URL(receiver.url).port);
    await expect(createReceiver({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
