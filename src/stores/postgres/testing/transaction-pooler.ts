import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import pg from 'pg';

/**
 * What PgBouncer is in transaction mode: a few connections with the server, of which each transaction of a client gets another one,
 * the one that has waited for longest, as whoever was there before has left it.
 *
 * ```text
 * client  ── bytes ──▸ has it a connection? ── no ──▸ the first that is free; none: waits for one
 *                            │ yes                          │
 *                            ▼                              ▼
 * server  ◂────────── passed on as they are ◂───────────────┘
 *    └─ ReadyForQuery, status I: the transaction is over ──▸ free again, behind all others
 * ```
 */
export interface TransactionPooler {
  /** The connection string of the database, through it. */
  readonly url: string;
  /** How often a client went on with another connection than it had before. */
  readonly changes: number;
  /** What clients have left on its connections: settings, statements, channels and locks that belong to one. */
  leftOnConnections(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A connection with the server. */
interface Backend {
  readonly socket: Socket;
  /** What came and is no whole message yet. */
  rest: Buffer;
  user: Client | null;
}

interface Client {
  readonly socket: Socket;
  hasBegun: boolean;
  backend: Backend | null;
  /** It had this one before. */
  former: Backend | null;
  waiting: Buffer[];
}

const [authentication, readyForQuery, terminate] = ['R', 'Z', 'X'].map((kind) => kind.charCodeAt(0));
const idle = 'I'.charCodeAt(0);
/** A client is let in without a word: its answers to AuthenticationOk and ReadyForQuery, in bytes. */
const letIn = Buffer.from([
  authentication ?? 0,
  0,
  0,
  0,
  8,
  0,
  0,
  0,
  0,
  readyForQuery ?? 0,
  0,
  0,
  0,
  5,
  idle,
]);

/**
 * @param direct of a database whose server asks for no password
 * @param connections with the server
 */
export async function startTransactionPooler(direct: string, connections = 3): Promise<TransactionPooler> {
  const { hostname, port, username, pathname } = new URL(direct);
  const clients = new Set<Client>();
  const waiting: Client[] = [];
  const backends: Backend[] = [];
  let free: Backend[] = [];
  let changes = 0;

  async function open(): Promise<void> {
    const socket = dial(Number(port), hostname);
    const backend: Backend = { socket, rest: Buffer.alloc(0), user: null };
    socket.on('error', () => {});
    socket.write(startup({ user: username, database: pathname.slice(1), application_name: 'pooler' }));
    const ready = Promise.withResolvers<void>();
    socket.on('data', (chunk: Buffer) => {
      const status = read(backend, chunk);
      if (backend.user) backend.user.socket.write(chunk);
      else if (status === idle) ready.resolve();
      if (backend.user && status === idle) release(backend);
    });
    socket.on('close', () => {
      backend.user?.socket.destroy();
      free = free.filter((each) => each !== backend);
    });
    await ready.promise;
    backends.push(backend);
    release(backend);
  }

  function release(backend: Backend): void {
    if (backend.user) Object.assign(backend.user, { backend: null, former: backend });
    backend.user = null;
    free.push(backend);
    const next = waiting.shift();
    if (next) serve(next);
  }

  function serve(client: Client): void {
    const backend = free.shift();
    if (!backend) {
      waiting.push(client);
      return;
    }
    if (client.former && client.former !== backend) changes++;
    backend.user = client;
    client.backend = backend;
    for (const chunk of client.waiting) backend.socket.write(chunk);
    client.waiting = [];
  }

  function heard(client: Client, chunk: Buffer): void {
    if (!client.hasBegun) {
      client.hasBegun = true;
      client.socket.write(letIn);
    } else if (client.backend) client.backend.socket.write(chunk);
    else if (chunk[0] === terminate && client.waiting.length === 0) client.socket.end();
    else {
      client.waiting.push(chunk);
      if (!waiting.includes(client)) serve(client);
    }
  }

  const server = createServer((socket) => {
    const client: Client = { socket, hasBegun: false, backend: null, former: null, waiting: [] };
    clients.add(client);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => heard(client, chunk));
    socket.on('close', () => {
      clients.delete(client);
      const place = waiting.indexOf(client);
      if (place >= 0) waiting.splice(place, 1);
      // In the middle of a transaction: its connection is of no use to anybody.
      if (client.backend) {
        client.backend.user = null;
        client.backend.socket.destroy();
        void open();
      }
    });
  });
  for (let i = 0; i < connections; i++) await open();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as { port: number }).port;
  const url = Object.assign(new URL(direct), { host: `127.0.0.1:${own}` }).href;

  return {
    url,
    get changes() {
      return changes;
    },
    async leftOnConnections() {
      const left: string[] = [];
      const client = new pg.Client(url);
      await client.connect();
      // One after another, they are all asked.
      for (let i = 0; i < backends.length; i++) {
        const { rows } = await client.query<{ what: string }>(leftStatement);
        left.push(...rows.map(({ what }) => what));
      }
      await client.end();
      return left;
    },
    async close() {
      for (const { socket } of [...clients, ...backends]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const leftStatement = `
  select 'setting ' || name as what from pg_settings where source = 'session'
  union all select 'statement ' || name from pg_prepared_statements
  union all select 'channel ' || channel from pg_listening_channels() as l (channel)
  union all select 'lock ' || objid from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`;

/** @returns the status of the last ReadyForQuery that is whole by now */
function read(backend: Backend, chunk: Buffer): number | null {
  let rest = backend.rest.length === 0 ? chunk : Buffer.concat([backend.rest, chunk]);
  let status: number | null = null;
  while (rest.length >= 5) {
    const size = 1 + rest.readInt32BE(1);
    if (rest.length < size) break;
    if (rest[0] === readyForQuery) status = rest[5] ?? null;
    rest = rest.subarray(size);
  }
  backend.rest = Buffer.from(rest);
  return status;
}

/** Version 3.0 of the protocol. */
function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(parameters).flat();
  const body = Buffer.from(`${texts.join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + body.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}
