import {
  type ReceivedRequest,
  type ReceiverOptions,
  type RunningReceiver,
  type Script,
  startReceiver,
} from '../../receiver/receiver.ts';
import { selfSigned } from './certificates.ts';

export interface TestReceiverOptions extends Omit<ReceiverOptions, 'tls' | 'onRequest' | 'onSocketClose'> {
  /** Serves HTTPS: `true` with the self-signed certificate of `certificates.ts`, or with another one. */
  readonly tls?: boolean | { readonly key: string; readonly cert: string };
}

/** A scripted receiver that remembers what it got and lets a test wait for it. */
export interface Receiver extends RunningReceiver {
  /** Every request so far. */
  readonly requests: readonly ReceivedRequest[];
  /** The next request that no `next` or `take` has given out, waiting for it if need be. */
  next(): Promise<ReceivedRequest>;
  /** The next `count` of them. */
  take(count: number): Promise<readonly ReceivedRequest[]>;
  /** Resolves when the connection has closed. */
  socketClosed(socketId: number): Promise<void>;
}

/** A real loopback server on a free port that answers by the script, or by `options.script`. */
export async function createReceiver(options: TestReceiverOptions | Script = {}): Promise<Receiver> {
  const { tls, ...rest } =
    Array.isArray(options) || typeof options === 'function'
      ? ({ script: options } as TestReceiverOptions)
      : (options as TestReceiverOptions);
  const requests: ReceivedRequest[] = [];
  const waiting: ((request: ReceivedRequest) => void)[] = [];
  const closed = new Map<number, PromiseWithResolvers<void>>();
  let given = 0;

  function closing(socketId: number): PromiseWithResolvers<void> {
    const known = closed.get(socketId) ?? Promise.withResolvers<void>();
    closed.set(socketId, known);
    return known;
  }

  const running = await startReceiver({
    ...rest,
    ...(tls ? { tls: tls === true ? selfSigned : tls } : {}),
    onRequest(request) {
      requests.push(request);
      const wake = waiting.shift();
      if (!wake) return;
      given++;
      wake(request);
    },
    onSocketClose: (socketId) => closing(socketId).resolve(),
  });

  function next(): Promise<ReceivedRequest> {
    const ready = requests[given];
    if (ready) {
      given++;
      return Promise.resolve(ready);
    }
    return new Promise((resolve) => waiting.push(resolve));
  }

  return Object.assign(running, {
    requests,
    next,
    take: (count: number) => Promise.all(Array.from({ length: count }, next)),
    socketClosed: (socketId: number) => closing(socketId).promise,
  });
}
