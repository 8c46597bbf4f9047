import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';

/** What stands between a gateway and its database, and can do what networks do. */
export interface DatabaseProxy {
  /** The connection string of a database, through it. */
  url(direct: string): string;
  /**
   * The answer to the next statement in which this text stands is lost, and its connection with it. Resolves when that has
   * happened: the server has done it.
   */
  loseAnswerTo(text: string): Promise<void>;
  /** Lets nobody through from now on; cuts those who are connected. */
  down(): void;
  /** Passes nothing on from now on and says nothing of it, as a network does that swallows packets; new connections wait too. */
  swallow(): void;
  /** The same from the next statement on in which this text stands; resolves when it has come. */
  swallowFrom(text: string): Promise<void>;
  /** What was swallowed goes on its way, and new connections are let through. */
  up(): void;
  close(): Promise<void>;
}

/** @param port of the server, on the loopback address */
export async function startProxy(port: number): Promise<DatabaseProxy> {
  const sockets = new Set<Socket>();
  let isDown = false;
  let isSwallowing = false;
  let swallowingFrom: { readonly text: string; readonly begun: () => void } | null = null;
  let losing: { readonly text: string; readonly lost: () => void } | null = null;

  function keep(socket: Socket): void {
    sockets.add(socket);
    if (isSwallowing) socket.pause();
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  function swallow(): void {
    isSwallowing = true;
    for (const socket of sockets) socket.pause();
  }

  const server = createServer((client) => {
    keep(client);
    if (isDown) {
      client.destroy();
      return;
    }
    const database = dial(port, '127.0.0.1');
    keep(database);
    let lost: (() => void) | null = null;
    client.on('data', (chunk) => {
      if (swallowingFrom && chunk.includes(swallowingFrom.text)) {
        swallow();
        swallowingFrom.begun();
        swallowingFrom = null;
        client.unshift(chunk);
        return;
      }
      if (losing && chunk.includes(losing.text)) {
        lost = losing.lost;
        losing = null;
      }
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      if (!lost) {
        client.write(chunk);
        return;
      }
      client.destroy();
      database.destroy();
      lost();
    });
    database.on('close', () => client.destroy());
    client.on('close', () => database.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as { port: number }).port;

  return {
    url: (direct) => Object.assign(new URL(direct), { host: `127.0.0.1:${own}` }).href,
    loseAnswerTo: (text) =>
      new Promise((resolve) => {
        losing = { text, lost: resolve };
      }),
    down() {
      isDown = true;
      for (const socket of sockets) socket.destroy();
    },
    swallow,
    swallowFrom: (text) =>
      new Promise((resolve) => {
        swallowingFrom = { text, begun: resolve };
      }),
    up() {
      isDown = false;
      isSwallowing = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
