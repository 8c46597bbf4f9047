import type { Socket } from 'node:net';
import { afterEach } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import { startRawServer } from '../../testing/raw-server.ts';
import { createReceiver } from '../../testing/receiver/receiver.ts';
import { createGuard } from '../guard/guard.ts';
import { type Resolve, standInNames } from '../names/stand-in.ts';
import { createSender, type SenderOptions } from '../send/sender.ts';

const everyNameIsLocal: Resolve = (_name, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);

interface Setup extends Partial<Omit<SenderOptions, 'guard'>> {
  readonly allowNetworks?: readonly string[];
  readonly resolve?: Resolve;
  readonly connections?: number;
}

/** A deadline that nothing here comes to, however busy the machine is. */
export const ample = 60_000;

export function request(origin: string, change: Partial<RenderedRequest> = {}): RenderedRequest {
  return { method: 'POST', origin, path: '/hook', headers: ['X-Tenant', '42'], body: '{"a":1}', ...change };
}

/** Senders and servers for the tests of a file; what a test opens is closed after it. */
export function stageSending() {
  const opened: AsyncDisposable[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
  });

  function open(origin: string, setup: Setup = {}) {
    const {
      allowNetworks = ['127.0.0.0/8'],
      resolve = everyNameIsLocal,
      connections = 1,
      ...options
    } = setup;
    const sender = createSender({
      clock: systemClock,
      ...options,
      guard: createGuard({ allowNetworks, names: standInNames(resolve) }),
    });
    opened.push(sender);
    return sender.open(origin, { connections });
  }

  async function receive(...options: Parameters<typeof createReceiver>) {
    const receiver = await createReceiver(...options);
    opened.push(receiver);
    return receiver;
  }

  async function rawServer(serve: (socket: Socket) => void) {
    const server = await startRawServer(serve);
    opened.push(server);
    return server;
  }

  /** A server that answers every request with these bytes. */
  const answering = (bytes: string) => rawServer((socket) => socket.on('data', () => socket.write(bytes)));

  return { opened, open, receive, rawServer, answering };
}
