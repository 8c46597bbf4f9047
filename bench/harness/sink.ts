/**
 * The receiving end of every benchmark, a process of its own: answers 200 at once, counts, and takes the latency of
 * every 8th request from the time that the load generator wrote into its transaction id (`t<µs since the epoch>-…`).
 * Reports over IPC every 20 ms, so that the generator can keep the backlog bounded.
 *
 *   node bench/harness/sink.ts <host> <port>
 */
import { createServer } from 'node:http';

const [host = '127.0.0.1', port = '0'] = process.argv.slice(2);
const sampleEvery = 8;
let received = 0;
let latenciesMs: number[] = [];

const server = createServer((request, response) => {
  received++;
  if (received % sampleEvery === 0) {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const sent = /t(\d{16})-/.exec(body);
      if (sent) latenciesMs.push(performance.timeOrigin + performance.now() - Number(sent[1]) / 1000);
    });
  } else request.resume();
  response.writeHead(200, { 'content-length': '2' });
  response.end('ok');
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), host, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 });
});

const report = setInterval(() => process.send?.({ received }), 20);
process.on('message', (message) => {
  if (message === 'reset') {
    received = 0;
    latenciesMs = [];
  } else if (message === 'latencies') {
    process.send?.({ latenciesMs });
    latenciesMs = [];
  } else if (message === 'stop') {
    clearInterval(report);
    server.closeAllConnections();
    server.close();
    process.disconnect?.();
  }
});
process.on('disconnect', () => process.exit());
