import { EventEmitter } from 'node:events';
import type { OnReadOpts } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import { Channel } from './channel.ts';
import { createIdleConnections } from './idle-connections.ts';
import type { Wire } from './wire.ts';

/** A connection with TLS whose other side the test plays. */
class PlayedWire extends EventEmitter implements Wire {
  readonly written: string[] = [];
  writableLength = 0;
  isDestroyed = false;
  readonly #onread: OnReadOpts;

  constructor(onread: OnReadOpts) {
    super();
    this.#onread = onread;
  }

  open(): void {
    this.emit('connect');
    this.emit('secureConnect');
  }

  write(text: string): void {
    this.written.push(text);
  }

  answer(head = 'HTTP/1.1 200 OK'): void {
    const bytes = Buffer.from(`${head}\r\ncontent-length: 0\r\n\r\n`);
    this.#onread.callback(bytes.length, bytes);
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

const request: RenderedRequest = {
  ...{ method: 'POST', origin: 'https://hooks.example', path: '/dlr', headers: [], body: 'x' },
};

function openChannel(connections: number) {
  const wires: PlayedWire[] = [];
  const channel = new Channel(request.origin, {
    ...{ clock: systemClock, maxResponseBytes: 1_000, idleMs: 60_000, account: 'acc_1', connections },
    connect(_, onread) {
      const wire = new PlayedWire(onread);
      wires.push(wire);
      return wire;
    },
    idle: createIdleConnections(100),
    onShortage() {},
    onClose() {},
  });
  return { channel, wires, send: () => channel.send(request, 60_000) };
}

/** One more is opened, however long that takes. */
async function opened(wires: readonly PlayedWire[], count: number): Promise<void> {
  while (wires.length < count) await setImmediate();
}

describe('connections with TLS', () => {
  it('are kept where the answer came before it was known that all was sent', async () => {
    const { wires, send } = openChannel(1);
    const first = send();
    const [wire] = wires;
    wire?.open();
    if (wire) wire.writableLength = 100;
    wire?.answer();
    await first;
    if (wire) wire.writableLength = 0;
    await setImmediate();
    const second = send();
    wire?.answer();
    expect((await second).statusCode).toBe(200);
    expect([wires.length, wire?.written.length]).toEqual([1, 2]);
  });

  it('serve no more where the server answered before it had the whole request', async () => {
    const { wires, send } = openChannel(1);
    const first = send();
    wires[0]?.open();
    if (wires[0]) wires[0].writableLength = 100;
    wires[0]?.answer('HTTP/1.1 413 Content Too Large');
    await first;
    const second = send();
    await opened(wires, 2);
    expect(wires[0]?.isDestroyed).toBe(true);
    wires[1]?.open();
    wires[1]?.answer();
    expect((await second).statusCode).toBe(200);
  });

  it('are few where answers are quick', async () => {
    const { wires, send } = openChannel(8);
    const answers = Array.from({ length: 40 }, send);
    expect(wires).toHaveLength(1);
    wires[0]?.open();
    for (let i = 0; i < 40; i++) wires[0]?.answer();
    expect((await Promise.all(answers)).every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect(wires).toHaveLength(1);
  });

  it('are as many as there may be where none becomes free', async () => {
    const { wires, send } = openChannel(4);
    const answers = Array.from({ length: 6 }, send);
    wires[0]?.open();
    await opened(wires, 4);
    for (const wire of wires.slice(1)) wire.open();
    expect(wires.map(({ written }) => written.length)).toEqual([1, 1, 1, 1]);
    wires[2]?.answer();
    wires[2]?.answer();
    for (const wire of wires) wire.answer();
    wires[2]?.answer();
    await Promise.all(answers);
    expect(wires).toHaveLength(4);
  });

  it('are opened at once for a server that closes each', async () => {
    const { wires, send } = openChannel(4);
    const first = send();
    wires[0]?.open();
    wires[0]?.answer('HTTP/1.1 200 OK\r\nconnection: close');
    await first;
    const more = Array.from({ length: 4 }, send);
    expect(wires).toHaveLength(5);
    for (const wire of wires.slice(1)) {
      wire.open();
      wire.answer('HTTP/1.1 200 OK\r\nconnection: close');
    }
    await Promise.all(more);
  });

  it('are not waited for any more when everything is ended', async () => {
    const { channel, wires, send } = openChannel(4);
    const sent = [send(), send(), send()];
    wires[0]?.open();
    await channel.destroy();
    expect((await Promise.all(sent)).map(({ error }) => error?.class)).toEqual(['reset', 'reset', 'reset']);
  });
});
