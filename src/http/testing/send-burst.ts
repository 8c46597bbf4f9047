import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * A thread that opens many connections at once, sends a request on each, and counts in shared memory on how many it has.
 * Tells at the end how many were answered with 200.
 */
export interface Burst {
  readonly port: number;
  readonly connections: number;
  readonly sent: Int32Array;
}

const { port, connections, sent } = workerData as Burst;
let answered = 0;
let ended = 0;
for (let i = 0; i < connections; i++) {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    if (text.startsWith('HTTP/1.1 200')) answered++;
    if (++ended === connections) parentPort?.postMessage(answered);
  });
  socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n', () => {
    Atomics.add(sent, 0, 1);
    Atomics.notify(sent, 0);
  });
}
