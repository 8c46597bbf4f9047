import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from '../../src/testing/receiver/certificates.ts';
import { end, keep, removeDirectory, temporaryDirectory } from './children.ts';
import { root } from './machine.ts';
import type { FromSink, SinkAnswer, SinkSettings, ToSink } from './sink.ts';

/** The sink in its own process. */
export interface Sink extends AsyncDisposable {
  /** One for each webhook. */
  readonly urls: readonly string[];
  /** What a client's process needs in its environment to trust the sink. */
  readonly trust: Record<string, string>;
  /** Requests that have arrived since the last reset, at most 20 ms old. */
  readonly received: number;
  /** Begins to count anew, and forgets the latencies. */
  reset(): Promise<void>;
  /** The latencies sampled since the last call, ms. */
  latencies(): Promise<readonly number[]>;
  /** How it answers from now on. What hangs goes on hanging. */
  answer(answer: SinkAnswer): void;
}

export interface SinkOptions {
  /** Endpoints: each at an address of its own; with TLS at a port of its own, since the certificate names one address. */
  readonly webhooks?: number;
  readonly tls?: boolean;
  readonly answer?: SinkAnswer;
  /** Default: any free one. */
  readonly port?: number;
  /** Of so many requests the latency of one is taken; for rates of some thousand a second it should be more than one. */
  readonly sampleEvery?: number;
}

/** Not a divisor of a batch's size, so that every place in a batch has its turn. */
const usualSample = 7;

export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const { webhooks = 1, tls = false, answer = 'ok', port = 0, sampleEvery = usualSample } = options;
  const settings: SinkSettings = {
    host: webhooks === 1 || tls ? '127.0.0.1' : '0.0.0.0',
    ports: Array.from({ length: tls ? webhooks : 1 }, () => port),
    tls,
    answer,
    sampleEvery,
  };
  const child = keep(fork(join(root, 'bench/harness/sink.ts'), [JSON.stringify(settings)]));
  const directory = temporaryDirectory('sink');
  const ready = Promise.withResolvers<readonly number[]>();
  child.once('exit', (code) => ready.reject(new Error(`The sink ended with code ${code}.`)));
  const state = { received: 0, atReset: 0 };
  let onLatencies: (values: readonly number[]) => void = () => {};
  child.on('message', (message: FromSink) => {
    if (message.ports) ready.resolve(message.ports);
    if (message.received !== undefined) state.received = message.received;
    if (message.latenciesMs) onLatencies(message.latenciesMs);
  });
  const tell = (message: ToSink): unknown => child.send(message);
  function latencies(): Promise<readonly number[]> {
    return new Promise((resolve) => {
      onLatencies = resolve;
      tell({ do: 'latencies' });
    });
  }
  const ports = await ready.promise;
  return {
    urls: Array.from({ length: webhooks }, (_, i) =>
      tls ? `https://127.0.0.1:${ports[i]}/dlr` : `http://${address(i, webhooks)}:${ports[0]}/dlr`,
    ),
    trust: tls ? { NODE_EXTRA_CA_CERTS: certificateIn(directory) } : {},
    get received() {
      return state.received - state.atReset;
    },
    async reset() {
      await latencies();
      state.atReset = state.received;
    },
    latencies,
    answer: (next) => tell({ do: 'answer', answer: next }),
    async [Symbol.asyncDispose]() {
      await end(child, () => tell({ do: 'stop' }));
      removeDirectory(directory);
    },
  };
}

/** The i-th loopback address of many; every address of 127.0.0.0/8 is the machine itself on Linux. */
function address(i: number, of: number): string {
  return of === 1 ? '127.0.0.1' : `127.1.${Math.floor(i / 250)}.${(i % 250) + 1}`;
}

function certificateIn(directory: string): string {
  const file = join(directory, 'certificate.pem');
  writeFileSync(file, selfSigned.cert);
  return file;
}
