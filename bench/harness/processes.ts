import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../src/testing/free-port.ts';
import { end, hasEnded, keep, removeDirectory, temporaryDirectory } from './children.ts';
import { root } from './machine.ts';
import { patienceMs } from './patience.ts';

/** CPU seconds so far, and resident memory. */
export interface Usage {
  readonly cpuSeconds: number;
  /** The same by the threads' names; those of one name together. */
  readonly threads: Readonly<Record<string, number>>;
  readonly residentMiB: number;
}

/** Hookwire itself, as a user starts it, on a data directory of its own, or on the caller's (`HOOKWIRE_DATA_DIR`). */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly operatorKey: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  usage(): Promise<Usage>;
}

/**
 * Starts the gateway and waits until it is ready. What it says is shown only when it fails.
 *
 * @param openFiles how many files it may have open; without: as many as this process
 * @param main the program of another version
 */
export async function startGatewayProcess(
  env: Record<string, string> = {},
  nodeArguments: readonly string[] = [],
  openFiles?: number,
  main = join(root, 'src/main.ts'),
): Promise<GatewayProcess> {
  const dataDir = env.HOOKWIRE_DATA_DIR ?? temporaryDirectory('bench');
  const port = Number(env.HOOKWIRE_PORT ?? (await freePort()));
  const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles};`;
  const operatorKey = 'hw_benchmark_operator_key_0123456789abcdef';
  const child = keep(
    spawn('sh', ['-c', `${limit} exec "$0" "$@"`, process.execPath, ...nodeArguments, main, 'serve'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOOKWIRE_PORT: String(port),
        HOOKWIRE_DATA_DIR: dataDir,
        HOOKWIRE_OPERATOR_KEY: operatorKey,
        HOOKWIRE_ALLOW_NETWORKS: '127.0.0.0/8',
        HOOKWIRE_LOG_LEVEL: 'warn',
        // So that every benchmark can be run with more or fewer of them.
        ...(process.env.HOOKWIRE_COURIERS && { HOOKWIRE_COURIERS: process.env.HOOKWIRE_COURIERS }),
        // On PostgreSQL (bench/on-postgres.ts).
        ...(process.env.HOOKWIRE_DATABASE_URL && {
          HOOKWIRE_DATABASE_URL: process.env.HOOKWIRE_DATABASE_URL,
          HOOKWIRE_MASTER_KEY: '0123456789abcdef'.repeat(4),
        }),
        ...(process.env.HOOKWIRE_DATABASE_DIRECT_URL && {
          HOOKWIRE_DATABASE_DIRECT_URL: process.env.HOOKWIRE_DATABASE_DIRECT_URL,
        }),
        // The tests have one, since a start from the sources takes 2.4 s of CPU without.
        ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
        ...env,
      },
    }),
  );
  const said = lastWords(child);
  child.once('exit', (code, signal) => {
    // Killed with SIGKILL is a benchmark's own doing.
    if (code !== 0 && signal !== 'SIGKILL') {
      process.stderr.write(`The gateway ended with ${signal ?? code}:\n${said()}\n`);
    }
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/readyz`, child);
  return {
    url,
    operatorKey,
    dataDir,
    child,
    usage: () => processUsage(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      await end(child, () => child.kill('SIGTERM'));
      if (env.HOOKWIRE_DATA_DIR === undefined) removeDirectory(dataDir);
    },
  };
}

/** The end of what a process wrote to stderr. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-8_000);
  });
  return () => text;
}

/** Runs one of the benchmark's programs to its end and gives its last line, read as JSON. */
export async function runToEnd<T>(
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<T> {
  const child = keep(
    spawn(process.execPath, [join(root, file), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    }),
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file} ended with code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as T;
}

/** Waits until a URL answers 2xx. */
export async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new Error(`It ended with ${child.exitCode ?? child.signalCode}: ${url}`);
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error(`Not ready within ${patienceMs / 1000} s: ${url}`);
}

export function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

/** From /proc; 100 clock ticks are a second on every Linux that Node runs on. */
export async function processUsage(pid: number): Promise<Usage> {
  const threads: Record<string, number> = {};
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => null);
    if (stat === null) continue;
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    threads[name] = (threads[name] ?? 0) + cpuSecondsOf(stat);
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: cpuSecondsOf(await readFile(`/proc/${pid}/stat`, 'utf8')),
    threads,
    residentMiB: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024),
  };
}

function cpuSecondsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
