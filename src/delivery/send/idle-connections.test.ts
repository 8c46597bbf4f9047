import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createReceiver, type Receiver } from '../../testing/receiver/receiver.ts';
import { createGuard } from '../guard/guard.ts';
import { createSender, type RequestSender, type SenderOptions } from './sender.ts';

const guard = createGuard({ allowNetworks: ['127.0.0.0/8'] });
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function open(options: Partial<SenderOptions>): Promise<RequestSender> {
  const sender = createSender({ guard, clock: systemClock, ...options });
  opened.push(sender);
  return sender;
}

async function endpoint(sender: RequestSender) {
  const receiver = await createReceiver([200]);
  opened.push(receiver);
  const channel = sender.open(receiver.url, { connections: 2 });
  const send = () =>
    channel.send({ method: 'POST', origin: receiver.url, path: '/', headers: [], body: 'x' }, 60_000);
  return { receiver, send };
}

const sockets = ({ requests }: Receiver) => requests.map(({ socketId }) => socketId);

describe('connections that carry nothing', () => {
  it('give way to new ones where too many are open, the one that is idle for longest first', async () => {
    const sender = await open({ mostConnections: 2 });
    const [a, b, c] = [await endpoint(sender), await endpoint(sender), await endpoint(sender)];
    for (const { send } of [a, b, a, c, a]) expect(await send()).toMatchObject({ error: null });
    expect(sockets(a.receiver)).toEqual([1, 1, 1]);
    await b.send();
    expect(sockets(b.receiver)).toEqual([1, 2]);
  });

  it('stay where there is room', async () => {
    const sender = await open({ mostConnections: 2 });
    const [a, b] = [await endpoint(sender), await endpoint(sender)];
    for (const { send } of [a, b, a, b]) await send();
    expect([...sockets(a.receiver), ...sockets(b.receiver)]).toEqual([1, 1, 1, 1]);
  });

  it('are all closed when the machine is short of descriptors, and opened again when they are needed', async () => {
    const sender = await open({});
    const [a, b] = [await endpoint(sender), await endpoint(sender)];
    for (const { send } of [a, b]) await send();
    sender.closeIdle();
    for (const { send } of [a, b]) expect(await send()).toMatchObject({ error: null, resent: false });
    expect([...sockets(a.receiver), ...sockets(b.receiver)]).toEqual([1, 2, 1, 2]);
  });
});
