import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EndpointAnswer } from '../../src/receiver/answer.ts';

export interface ReceiverApart {
  readonly answer?: EndpointAnswer;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Receivers in a thread of their own, so that floods which they send take no time from who reads them. */
export interface ReceiversApart extends AsyncDisposable {
  readonly urls: readonly string[];
}

export async function startReceiversApart(receivers: readonly ReceiverApart[]): Promise<ReceiversApart> {
  const workerData = receivers.map(({ answer = 200, tls }) => ({ answer, tls }));
  const worker = new Worker(new URL('./receivers-worker.ts', import.meta.url), { workerData });
  const [urls] = (await once(worker, 'message')) as [readonly string[]];
  return {
    urls,
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
