import { parentPort, workerData } from 'node:worker_threads';
import { startReceiver } from '../../src/receiver/receiver.ts';
import type { ReceiverApart } from './receivers-apart.ts';

/** Answers each receiver's requests, and says where they listen. */
const urls: string[] = [];
for (const { answer = 200, tls } of workerData as readonly ReceiverApart[]) {
  const { url } = await startReceiver({ script: [answer], ...(tls && { tls }) });
  urls.push(url);
}
parentPort?.postMessage(urls);
