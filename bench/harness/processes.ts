import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The sink in its own process. */
export interface Sink extends AsyncDisposable {
  readonly port: number;
  /** Requests that have arrived since the last reset, at most 20 ms old. */
  readonly received: number;
  reset(): void;
  /** The latencies sampled since the last call, ms. */
  latencies(): Promise<number[]>;
}

export async function startSink(host: string): Promise<Sink> {
  const child = fork(join(root, 'bench/harness/sink.ts'), [host, '0']);
  const state = { port: 0, received: 0 };
  const ready = Promise.withResolvers<void>();
  let onLatencies: (values: number[]) => void = () => {};
  child.on('message', (message: { port?: number; received?: number; latenciesMs?: number[] }) => {
    if (message.port !== undefined) {
      state.port = message.port;
      ready.resolve();
    }
    if (message.received !== undefined) state.received = message.received;
    if (message.latenciesMs) onLatencies(message.latenciesMs);
  });
  await ready.promise;
  return {
    get port() {
      return state.port;
    },
    get received() {
      return state.received;
    },
    reset() {
      child.send('reset');
      state.received = 0;
    },
    latencies() {
      return new Promise((resolve) => {
        onLatencies = resolve;
        child.send('latencies');
      });
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.send('stop');
      await exited;
    },
  };
}

/** Runs one of the benchmark's programs to its end and gives its last line, read as JSON. */
export async function runToEnd<T>(file: string, args: readonly string[]): Promise<T> {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file} ended with code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as T;
}

/** Hookwire itself, as a user starts it, on a data directory of its own. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly operatorKey: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** CPU seconds and resident MiB so far. */
  usage(): Promise<{ cpuSeconds: number; residentMiB: number }>;
}

export async function startGatewayProcess(
  env: Record<string, string> = {},
  nodeArguments: readonly string[] = [],
): Promise<GatewayProcess> {
  const dataDir = env.HOOKWIRE_DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'hookwire-bench-')));
  const port = await freePort();
  const operatorKey = 'hw_benchmark_operator_key_0123456789abcdef';
  const child = spawn(process.execPath, [...nodeArguments, join(root, 'src/main.ts'), 'serve'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOOKWIRE_PORT: String(port),
      HOOKWIRE_DATA_DIR: dataDir,
      HOOKWIRE_OPERATOR_KEY: operatorKey,
      HOOKWIRE_ALLOW_NETWORKS: '127.0.0.0/8',
      HOOKWIRE_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  return {
    url,
    operatorKey,
    dataDir,
    child,
    usage: () => processUsage(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The gateway ended with code ${child.exitCode}.`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The gateway did not get ready within 20 s.');
}

/** From /proc; 100 clock ticks are a second on every Linux that Node runs on. */
export async function processUsage(pid: number): Promise<{ cpuSeconds: number; residentMiB: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    residentMiB: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024),
  };
}
