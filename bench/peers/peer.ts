/**
 * What every peer's program has in common: it opens its queue and its worker, takes events over HTTP as Hookwire does,
 * stores them in its queue before it answers, and ends when it is told to or when the benchmark is gone.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One report, as the load generator posts it. */
export interface Event {
  readonly transactionId: string;
  readonly messageId: string;
  readonly errorCode: string;
  readonly mobileNumber: string;
  readonly receivedTime: string;
  readonly deliveredTime: string;
}

export interface Queue {
  /** Resolves when the queue has them as safely as it ever has. */
  store(events: readonly Event[]): Promise<unknown>;
  /** Ends the worker, the connections and the database. */
  close(): Promise<unknown>;
}

/**
 * Runs a peer: `node bench/peers/<peer>.ts <url of the sink> <empty directory for its database>`. Tells `{ url }` over
 * IPC when it is ready.
 */
export async function servePeer(open: (target: string, directory: string) => Promise<Queue>): Promise<void> {
  const [target = '', directory = ''] = process.argv.slice(2);
  const queue = await open(target, directory);
  const server = createServer((request, response) => {
    take(request, response, queue).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  });
  const stop = async (): Promise<never> => {
    server.closeAllConnections();
    server.close();
    await queue.close();
    process.exit();
  };
  for (const ending of ['message', 'disconnect', 'SIGTERM'] as const) process.once(ending, stop);
}

/** `POST /v1/events` at its plainest: parse, store, 202. Nothing is checked, so that the queue has the cores to itself. */
async function take(request: IncomingMessage, response: ServerResponse, queue: Queue): Promise<void> {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += chunk;
  const input = JSON.parse(body) as Event | Event[];
  await queue.store(Array.isArray(input) ? input : [input]);
  response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
}
