import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../../src/testing/free-port.ts';
import { root } from '../machine.ts';
import { type GatewayProcess, startGatewayProcess } from '../processes.ts';
import { callApi, createAccounts } from '../setup.ts';
import type { Endpoint, Endpoints } from './endpoints.ts';

/** Gateways that share a PostgreSQL, each a process of its own with a port that it keeps. */
export interface Cluster extends AsyncDisposable {
  /** Where they are, whether or not they run. */
  readonly urls: readonly string[];
  readonly operatorKey: string;
  /** `null`: it does not run. */
  readonly processes: readonly (GatewayProcess | null)[];
  /** Starts one that does not run, and waits until it is ready. @param main its program from now on; without: as before */
  start(process: number, main?: string): Promise<void>;
  /** Ends it as a crash does; resolves when it has ended. */
  kill(process: number): Promise<void>;
  /** What it is started with. */
  environmentOf(process: number): Readonly<Record<string, string>>;
  /** Asks it to stop; resolves with its exit code. */
  terminate(process: number): Promise<number | null>;
  /** As a machine that sleeps: it does nothing, and its connections stay. */
  freeze(process: number): void;
  thaw(process: number): void;
  /** What they warned of since the last call: how often each. */
  warnings(): ReadonlyMap<string, number>;
}

export interface ClusterOptions {
  readonly count: number;
  /** How each reaches the database. */
  readonly databaseUrlOf: (process: number) => string;
  readonly endpoints: Endpoints;
  readonly env?: Readonly<Record<string, string>>;
  /** The program of all that are told no other; without: that of this checkout. */
  readonly main?: string;
  /** Hears each line that a process logs, JSON. */
  readonly onLog?: (process: number, line: string) => void;
}

/** The first is started before the others: it lays out the database. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { count, databaseUrlOf, endpoints, env = {}, onLog } = options;
  const ports: number[] = [];
  for (let process = 0; process < count; process++) ports.push(await freePort());
  const processes: (GatewayProcess | null)[] = ports.map(() => null);
  const programs = ports.map(() => options.main);
  let warned = new Map<string, number>();

  /** One line of the log, JSON. */
  function hear(line: string): void {
    const message = /"msg":"([^"]*)"/.exec(line)?.[1] ?? line;
    if (message !== '') warned.set(message, (warned.get(message) ?? 0) + 1);
  }

  function environmentOf(number: number): Record<string, string> {
    return {
      HOOKWIRE_PORT: String(ports[number]),
      HOOKWIRE_DATABASE_URL: databaseUrlOf(number),
      HOOKWIRE_DNS_SERVERS: endpoints.nameServersOf(number),
      HOOKWIRE_MASTER_KEY: 'a passphrase that all of them have',
      // Starts are no part of what is looked at.
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
      ...env,
    };
  }

  async function start(number: number, main = programs[number]): Promise<void> {
    programs[number] = main;
    processes[number] = await startGatewayProcess(environmentOf(number), [], undefined, main);
    const { stderr } = running(number).child;
    if (stderr)
      createInterface(stderr).on('line', (line) => {
        hear(line);
        onLog?.(number, line);
      });
  }

  function running(number: number): GatewayProcess {
    const process = processes[number];
    if (!process) throw new Error(`Process ${number} does not run.`);
    return process;
  }

  async function end(number: number, signal: NodeJS.Signals): Promise<number | null> {
    const process = running(number);
    const exited = once(process.child, 'exit');
    process.child.kill(signal);
    const [code] = (await exited) as [number | null];
    processes[number] = null;
    await process[Symbol.asyncDispose]();
    return code;
  }

  await start(0);
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    operatorKey: running(0).operatorKey,
    processes,
    start,
    environmentOf,
    kill: async (number) => void (await end(number, 'SIGKILL')),
    terminate: (number) => end(number, 'SIGTERM'),
    freeze: (number) => void running(number).child.kill('SIGSTOP'),
    thaw: (number) => void running(number).child.kill('SIGCONT'),
    warnings() {
      const all = warned;
      warned = new Map();
      return all;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((process) => process?.[Symbol.asyncDispose]()));
    },
  };
}

/** A webhook with its endpoint. */
export interface Place {
  readonly endpoint: Endpoint;
  readonly accountId: string;
  readonly webhookId: string;
}

/** An account with a webhook for each endpoint. */
export async function createPlaces(cluster: Cluster, endpoints: Endpoints): Promise<Place[]> {
  const gateway = { url: cluster.urls[0] ?? '', operatorKey: cluster.operatorKey };
  const places: Place[] = [];
  for (const endpoint of endpoints.all) {
    const [accountId = ''] = await createAccounts(gateway, [endpoint.url], endpoint.kind.settings);
    const { data } = await callApi<{ data: { id: string }[] }>(
      gateway,
      'GET',
      `/v1/webhooks?accountId=${accountId}`,
    );
    places.push({ endpoint, accountId, webhookId: data[0]?.id ?? '' });
  }
  return places;
}
