import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { turns } from './turns.ts';

/** What is on its way may be a question, whose answer is on its way then, and so on. */
const hops = 4;

let socket: Promise<Socket> | null = null;

/**
 * Lets what is on its way between two sockets of this process arrive, and what is sent because of it: sends something of its own
 * behind that, and waits until it has come. Turns of the event loop are not enough, since they take no time: on a busy machine the
 * kernel hands on what is sent on loopback when its own thread gets a turn, which is many turns of an event loop later.
 */
export async function arrivals(): Promise<void> {
  socket ??= open();
  const own = await socket;
  for (let hop = 0; hop < hops; hop++) {
    const came = once(own, 'message');
    own.send('', own.address().port, '127.0.0.1');
    await came;
    await turns(5);
  }
}

/** It keeps no process from ending. */
async function open(): Promise<Socket> {
  const opened = createSocket('udp4');
  opened.bind(0, '127.0.0.1');
  await once(opened, 'listening');
  return opened.unref();
}
