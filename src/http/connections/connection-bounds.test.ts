import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { type ConnectionBounds, createConnectionBounds } from './connection-bounds.ts';
import type { ConnectionTime } from './slow-connections.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A time that a test moves, second by second. */
function createTime() {
  let now = 0;
  const acts = new Set<() => void>();
  const time: ConnectionTime = {
    now: () => now,
    every(_ms, act) {
      acts.add(act);
      return () => void acts.delete(act);
    },
  };
  return {
    time,
    advance(ms: number) {
      for (const end = now + ms; now < end; ) {
        now += Math.min(1_000, end - now);
        for (const act of acts) act();
      }
    },
  };
}

/** A server that answers a refusal at once, and everything else when the test says so. */
async function openServer(limits: { most: number; mostOfAddress: number; proxy?: string }) {
  const { time, advance } = createTime();
  const bounds: ConnectionBounds = createConnectionBounds(
    { ...limits, standsForMany: (address) => address === limits.proxy },
    time,
  );
  const underWay: ServerResponse[] = [];
  const state = { opened: 0 };
  const server = createServer((request, response) => {
    const refusal = bounds.refusalOf(request.socket);
    if (refusal && request.url !== '/healthz') {
      response.writeHead(refusal.code === 'overloaded' ? 503 : 429, { connection: 'close' });
      response.end(refusal.code);
    } else if (request.url === '/healthz') response.end('ok');
    else underWay.push(response);
  });
  bounds.watch(server);
  server.on('connection', () => state.opened++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: Client[] = [];
  ends.push(async () => {
    for (const { socket } of clients) socket.destroy();
    bounds.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  /** A connection that the server has taken. */
  async function open(from = '127.0.0.1'): Promise<Client> {
    const before = state.opened;
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    const client: Client = { socket, text: '', closed: false };
    socket.on('data', (chunk) => {
      client.text += String(chunk);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      client.closed = true;
    });
    clients.push(client);
    await eventually(
      () => state.opened,
      (opened) => opened > before,
    );
    return client;
  }

  /** Sends a request and waits until the server is at work on it. */
  async function ask(client: Client): Promise<ServerResponse> {
    const before = underWay.length;
    client.socket.write('GET /work HTTP/1.1\r\nhost: x\r\n\r\n');
    await eventually(
      () => underWay.length,
      (length) => length > before,
    );
    const response = underWay.at(-1);
    if (!response) throw new Error('nothing is under way');
    return response;
  }

  return { open, ask, advance, underWay };
}

interface Client {
  readonly socket: Socket;
  text: string;
  closed: boolean;
}

const isClosed = (client: Client) =>
  eventually(
    () => client.closed,
    (closed) => closed,
  );

const isAnswered = (client: Client, what: string | RegExp) =>
  eventually(
    () => client.text,
    (text) => text.match(what) !== null,
  );

const health = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
const work = 'GET /work HTTP/1.1\r\nhost: x\r\n\r\n';

describe('connections', () => {
  it('of one address are as many as may be: then its longest idle one is closed', async () => {
    const { open, advance, ask } = await openServer({ most: 100, mostOfAddress: 3 });
    const busy = await open();
    await ask(busy);
    const [second, third] = [await open(), await open()];
    const other = await open('127.0.0.2');
    advance(1_000);
    const fourth = await open();
    await isClosed(second);
    await ask(fourth);
    await ask(third);
    expect([busy.closed, third.closed, other.closed]).toEqual([false, false, false]);
  });

  it('of one address that are all at work leave no place: one more is told so, and others’ are served', async () => {
    const { open, ask, advance } = await openServer({ most: 100, mostOfAddress: 2 });
    const clients = [await open(), await open()];
    for (const client of clients) await ask(client);
    advance(60_000);
    const third = await open();
    third.socket.write(work);
    await isAnswered(third, /^HTTP\/1\.1 429 [\s\S]*too_many_connections/);
    await isClosed(third);
    await ask(await open('127.0.0.2'));
    expect(clients.map(({ closed }) => closed)).toEqual([false, false]);
  });

  it('of a proxy are bounded by all alone', async () => {
    const { open, ask } = await openServer({ most: 5, mostOfAddress: 1, proxy: '127.0.0.1' });
    for (let i = 0; i < 5; i++) await ask(await open());
    const sixth = await open();
    sixth.socket.write(work);
    await isAnswered(sixth, /^HTTP\/1\.1 503 [\s\S]*overloaded/);
  });

  it('in all are as many as may be: then the longest idle one of the address with the most is closed', async () => {
    const { open, advance, ask } = await openServer({ most: 4, mostOfAddress: 100 });
    const first = await open('127.0.0.2');
    const many = [await open(), await open(), await open()];
    advance(1_000);
    await ask(await open('127.0.0.3'));
    await isClosed(many[0] ?? first);
    expect(first.closed).toBe(false);
    await ask(first);
  });

  it('that have just been made, or answered, are not closed for others', async () => {
    const { open, advance, ask } = await openServer({ most: 2, mostOfAddress: 100 });
    const [one, two] = [await open(), await open()];
    advance(999);
    const early = await open();
    early.socket.write(work);
    await isAnswered(early, /^HTTP\/1\.1 503/);
    const response = await ask(one);
    response.end('done');
    await isAnswered(one, /done/);
    advance(1);
    await ask(await open());
    await isClosed(two);
    expect(one.closed).toBe(false);
  });

  it('that are all at work are none of them closed, and health is answered meanwhile', async () => {
    const { open, ask, advance, underWay } = await openServer({ most: 3, mostOfAddress: 100 });
    const busy = [await open(), await open(), await open()];
    for (const client of busy) await ask(client);
    advance(600_000);
    const refused = await open();
    refused.socket.write(work);
    await isAnswered(refused, /^HTTP\/1\.1 503/);
    const doctor = await open();
    doctor.socket.write(health);
    await isAnswered(doctor, /^HTTP\/1\.1 200/);
    expect(busy.map(({ closed }) => closed)).toEqual([false, false, false]);
    underWay[0]?.end();
    await isAnswered(busy[0] as Client, /^HTTP\/1\.1 200/);
    advance(1_000);
    await ask(await open());
  });

  it('beyond the bounds are heard some at a time, so that health gets through a flood of silent ones', async () => {
    const { open, ask } = await openServer({ most: 1, mostOfAddress: 100 });
    await ask(await open());
    const silent: Client[] = [];
    for (let i = 0; i < 70; i++) silent.push(await open());
    const doctor = await open();
    doctor.socket.write(health);
    await isAnswered(doctor, /^HTTP\/1\.1 200/);
    await eventually(
      () => silent.filter(({ closed }) => closed).length,
      (closed) => closed === 70 - 63,
    );
  });

  it('beyond the bounds that ask nothing are closed after five seconds', async () => {
    const { open, ask, advance } = await openServer({ most: 1, mostOfAddress: 100 });
    await ask(await open());
    const silent = await open();
    advance(4_999);
    silent.socket.write('GET /he');
    advance(1);
    await isClosed(silent);
  });
});

describe('a slow client', () => {
  const post = (length: number) => `POST /work HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`;

  /** Lets the server read what was sent. */
  async function send(client: Client, text: string, read: () => number): Promise<void> {
    const before = read();
    client.socket.write(text);
    await eventually(read, (bytes) => bytes >= before + text.length);
  }

  it('whose body trickles is told that it is late, and one whose body comes is waited for', async () => {
    const { open, advance, underWay } = await openServer({ most: 10, mostOfAddress: 10 });
    const [trickles, comes] = [await open(), await open()];
    for (const client of [trickles, comes]) {
      const before = underWay.length;
      client.socket.write(post(100_000));
      await eventually(
        () => underWay.length,
        (length) => length > before,
      );
    }
    const [slow, fast] = underWay.map(({ req }) => req.socket);
    await send(trickles, 'x', () => slow?.bytesRead ?? 0);
    await send(comes, 'x'.repeat(20_000), () => fast?.bytesRead ?? 0);
    advance(9_999);
    expect(trickles.closed).toBe(false);
    advance(2);
    await isAnswered(trickles, /^HTTP\/1\.1 408 [\s\S]*request_timeout/);
    await isClosed(trickles);
    advance(19_000);
    expect(comes.closed).toBe(false);
    advance(2_000);
    await isClosed(comes);
  });

  it('that never reads its answer is left, and the answer let go', async () => {
    const { open, ask, advance } = await openServer({ most: 10, mostOfAddress: 10 });
    const client = await open();
    client.socket.pause();
    const response = await ask(client);
    const large = 32 * 2 ** 20;
    response.end(Buffer.alloc(large));
    advance(30_000);
    expect(response.socket?.destroyed).toBe(false);
    advance(large / 16 + 2_000);
    await eventually(
      () => response.closed,
      (closed) => closed,
    );
    expect(client.socket.bytesRead).toBeLessThan(large);
  });
});
