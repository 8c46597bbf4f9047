/**
 * The receiving end of every benchmark, a process of its own: counts, answers, and takes the latency of one of so many
 * requests from the time that the load generator wrote into its transaction id (`t<µs since the epoch>-…`). Reports over
 * IPC every 20 ms, so that the generator can keep the backlog bounded.
 *
 *   node bench/harness/sink.ts '{"host":"127.0.0.1","ports":[0],"tls":false,"answer":"ok","sampleEvery":7}'
 */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { selfSigned } from '../../src/testing/receiver/certificates.ts';

/** `ok`: 200 at once; `slow`: 200 after 5 s; `fail`: 500 at once; `hang`: nothing, ever. */
export type SinkAnswer = 'ok' | 'slow' | 'fail' | 'hang';

export interface SinkSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly ports: readonly number[];
  readonly tls: boolean;
  readonly answer: SinkAnswer;
  /** Of so many requests the latency of one is taken. */
  readonly sampleEvery: number;
}

/** What the sink is told, and what it tells. */
export type ToSink =
  | { readonly do: 'latencies' | 'stop' }
  | { readonly do: 'answer'; readonly answer: SinkAnswer };
export interface FromSink {
  readonly ports?: readonly number[];
  readonly received?: number;
  readonly latenciesMs?: readonly number[];
}

const slowMs = 5_000;
const settings = JSON.parse(process.argv[2] ?? '') as SinkSettings;
let { answer } = settings;
let received = 0;
let latenciesMs: number[] = [];

const listener: RequestListener = (request, response) => {
  received++;
  if (received % settings.sampleEvery === 0) {
    let body = request.url ?? '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const sent = /t(\d{16})-/.exec(body);
      if (sent) latenciesMs.push(performance.timeOrigin + performance.now() - Number(sent[1]) / 1000);
    });
  } else request.resume();
  if (answer === 'hang') return;
  const give = (status: number): void => {
    response.writeHead(status, { 'content-length': '2' });
    response.end('ok');
  };
  if (answer === 'slow') setTimeout(give, slowMs, 200);
  else give(answer === 'ok' ? 200 : 500);
};

const http = settings.tls ? createTlsServer(selfSigned, listener) : createServer(listener);
http.keepAliveTimeout = 60_000;
// One HTTP server behind all the ports: a thousand of them would be a sink that measures itself.
const listening: Server[] = settings.ports.map((port) =>
  createSocketServer({ noDelay: true }, (socket) => http.emit('connection', socket)).listen(
    port,
    settings.host,
  ),
);
await Promise.all(listening.map((server) => new Promise((resolve) => server.once('listening', resolve))));
tell({ ports: listening.map((server) => (server.address() as AddressInfo).port) });
setInterval(() => tell({ received }), 20);

function tell(message: FromSink): void {
  process.send?.(message);
}

process.on('message', (message: ToSink) => {
  switch (message.do) {
    case 'latencies':
      tell({ received, latenciesMs });
      latenciesMs = [];
      break;
    case 'answer':
      ({ answer } = message);
      break;
    case 'stop':
      process.exit();
  }
});
process.on('disconnect', () => process.exit());
