import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createNameServer } from '../../../src/testing/name-server/name-server.ts';
import { type ArrivedItem, nameOf } from '../kill-targets.ts';
import { pause } from '../processes.ts';
import type { EndpointKind } from './kinds.ts';
import { createOrderWatch } from './order-watch.ts';

/** One report's arrival that was taken (answered 200). */
export interface Arrival {
  /** By `performance.now()`. */
  readonly at: number;
  /** Which process sent it. */
  readonly process: number;
}

/** A webhook's endpoint and what arrived there. */
export interface Endpoint {
  readonly kind: EndpointKind;
  readonly url: string;
  /** Who sends to it: the process that sent last. */
  sender: number | null;
  /** Requests that wait for their answer. */
  underWay: number;
  /** The most there were at once. */
  most: number;
  /** Every request, refused ones too. */
  lastAt: number;
}

export type RequestListener = (endpoint: Endpoint, process: number, name: string) => void;

/** The endpoints of a cluster's webhooks, and the ledger of what arrived there. */
export interface Endpoints extends AsyncDisposable {
  readonly all: readonly Endpoint[];
  /** What has arrived and was taken, by the report's name, first arrivals first. */
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
  /** Names in the order of their first arrivals. */
  readonly order: readonly string[];
  /** Reports that came before an earlier one of their message was taken, or were outdated. */
  readonly disorder: readonly string[];
  /** Endpoints that had more requests at once than their webhook may have under way. */
  readonly crowded: readonly string[];
  /** The name servers of a process: with these it finds the endpoints at an address of its own. */
  nameServersOf(process: number): string;
  /** Resolves when all connections of a process that has ended are closed: what it sent has arrived. */
  untilClosed(process: number): Promise<void>;
  /** Called with each request and its report's name, before it is answered. */
  onRequest(listener: RequestListener): void;
}

const host = 'endpoint.hookwire.test';
/** Every address of 127.0.0.0/8 is the machine itself on Linux: the one that a request came to tells who sent it. */
const addressOf = (process: number): string => `127.7.7.${process + 1}`;
/** An address of the machine that is no process's. */
const noProcess = '127.0.0.250';

/**
 * Starts an endpoint for each webhook of each kind. A host name stands for all, and each process of the cluster is told another
 * address of it.
 *
 * @param processes how many there are
 */
export async function startEndpoints(kinds: readonly EndpointKind[], processes: number): Promise<Endpoints> {
  const arrivals = new Map<string, Arrival[]>();
  const order: string[] = [];
  const watch = createOrderWatch();
  const crowded = new Set<string>();
  const connections = Array.from({ length: processes }, () => new Set<Socket>());
  const listeners: RequestListener[] = [];
  /** What was read and takes its time. */
  const answers = new Set<Promise<void>>();
  const byPath = new Map<string, Endpoint>();

  function take(endpoint: Endpoint, process: number, item: ArrivedItem): number {
    const name = nameOf(item.msg_id, item.txn_id);
    const known = arrivals.get(name);
    const status = known ? 200 : endpoint.kind.statusOf(name);
    if (endpoint.kind.isOrdered) watch.arrived(item, status === 200);
    if (status !== 200) return status;
    const arrival = { at: performance.now(), process };
    if (known) known.push(arrival);
    else {
      arrivals.set(name, [arrival]);
      order.push(name);
    }
    return status;
  }

  function answerLater(takesMs: number, answer: () => void): void {
    const answered = pause(takesMs).then(() => {
      answer();
      answers.delete(answered);
    });
    answers.add(answered);
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const endpoint = byPath.get(path);
    const process = Number(request.socket.localAddress?.split('.').at(-1)) - 1;
    if (!endpoint) {
      response.writeHead(404).end();
      return;
    }
    let isOver = false;
    const over = (): void => {
      if (!isOver) endpoint.underWay--;
      isOver = true;
    };
    endpoint.underWay++;
    endpoint.most = Math.max(endpoint.most, endpoint.underWay);
    if (endpoint.underWay > endpoint.kind.maxConcurrency) crowded.add(path);
    response.on('finish', over).on('close', over);
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      endpoint.lastAt = performance.now();
      const item = JSON.parse(body) as ArrivedItem;
      for (const tell of listeners) tell(endpoint, process, nameOf(item.msg_id, item.txn_id));
      endpoint.sender = process;
      const answer = (): void => {
        response.statusCode = take(endpoint, process, item);
        response.end('ok');
      };
      if (endpoint.kind.takesMs === 0) answer();
      else answerLater(endpoint.kind.takesMs, answer);
    });
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, serve);
  server.on('connection', (socket) => {
    const process = Number(socket.localAddress?.split('.').at(-1)) - 1;
    connections[process]?.add(socket);
    socket.on('close', () => connections[process]?.delete(socket));
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const kind of kinds) {
    for (let n = 0; n < kind.webhooks; n++) {
      const path = `/${kind.name}-${n}`;
      const url = `http://${host}:${port}${path}`;
      byPath.set(path, { kind, url, sender: null, underWay: 0, most: 0, lastAt: 0 });
    }
  }
  const names = await Promise.all(
    Array.from({ length: processes }, (_, process) =>
      createNameServer(({ name, type }) =>
        name !== host ? 'NXDOMAIN' : type === 'A' ? { addresses: [addressOf(process)], ttl: 3_600 } : 'empty',
      ),
    ),
  );

  /** Connections are taken in the order in which they came: when another one is answered, those that came before it are known. */
  async function untilClosed(process: number): Promise<void> {
    const answer = await fetch(`http://${noProcess}:${port}/`);
    await answer.arrayBuffer();
    await Promise.all([...(connections[process] ?? [])].map((socket) => once(socket, 'close')));
    await Promise.all(answers);
  }

  return {
    all: [...byPath.values()],
    arrivals,
    order,
    disorder: watch.disorder,
    get crowded() {
      return [...crowded];
    },
    nameServersOf: (process) => `127.0.0.1:${names[process]?.port}`,
    untilClosed,
    onRequest: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await Promise.all(names.map((each) => each.close()));
    },
  };
}
