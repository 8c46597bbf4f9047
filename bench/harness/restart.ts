import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../src/testing/free-port.ts';
import { end, keep, removeDirectory, temporaryDirectory } from './children.ts';
import { root } from './machine.ts';
import { pause, untilReady } from './processes.ts';
import { type RestartLoad, startRestartLoad } from './restart-load.ts';
import { createAccounts } from './setup.ts';

/** What one restart under load did, as seen from outside. */
export interface RestartRound {
  /** From SIGTERM to the end of the process, ms. */
  readonly stopMs: number;
  /** The longest time between two accepted calls, ms. */
  readonly gapMs: number;
  /** Calls of the client that keeps its connections that were not accepted, by what became of them. */
  readonly failedKept: ReadonlyMap<string, number>;
  /** The same of the client that makes a connection for each call. */
  readonly failedNew: ReadonlyMap<string, number>;
}

export interface RestartResult {
  readonly rounds: readonly RestartRound[];
  readonly accepted: number;
  /** Accepted events that never arrived: must be 0. */
  readonly lost: number;
  /** Events that arrived a second time. */
  readonly twice: number;
}

export interface RestartOptions {
  readonly rounds: number;
  /** Events a second, half by each client. */
  readonly perSecond: number;
  /** How long the slow endpoint takes for each of the 5 % of events that go to it. */
  readonly slowMs: number;
  readonly onRound: (round: RestartRound, number: number) => void;
}

const operatorKey = 'hw_benchmark_operator_key_0123456789abcdef';
/** Between two restarts, so that the slow endpoint always has requests under way. */
const betweenMs = 4_000;
const slowShare = 20;

/** Answers `/fast` at once and `/slow` after a while, and counts how often each event arrives. */
async function startEndpoint(slowMs: number) {
  const arrived = new Map<string, number>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const id = (JSON.parse(body) as { msg_id: string }).msg_id;
      arrived.set(id, (arrived.get(id) ?? 0) + 1);
      setTimeout(() => response.end('ok'), request.url === '/slow' ? slowMs : 0);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, arrived, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Restarts the gateway again and again, as a service manager does, while two clients post. */
export async function restartRounds(options: RestartOptions): Promise<RestartResult> {
  const dataDir = temporaryDirectory('restart');
  const { server, arrived, url: endpoint } = await startEndpoint(options.slowMs);
  const url = `http://127.0.0.1:${await freePort()}`;
  const start = () =>
    keep(
      spawn(process.execPath, [join(root, 'bin/hookwire.js'), 'serve'], {
        cwd: root,
        stdio: 'ignore',
        env: {
          HOOKWIRE_PORT: new URL(url).port,
          HOOKWIRE_DATA_DIR: dataDir,
          HOOKWIRE_OPERATOR_KEY: operatorKey,
          HOOKWIRE_ALLOW_NETWORKS: '127.0.0.0/8',
        },
      }),
    );
  let gateway = start();
  await untilReady(`${url}/readyz`, gateway);
  const [fast = '', slow = ''] = await createAccounts({ url, operatorKey }, [
    `${endpoint}/fast`,
    `${endpoint}/slow`,
  ]);
  const accepted = new Set<string>();
  const load = (name: string, keepsConnections: boolean): RestartLoad =>
    startRestartLoad({
      url,
      operatorKey,
      perSecond: options.perSecond / 2,
      keepsConnections,
      event: (n) => ({
        ...{ id: `${name}-${n}`, messageId: `${name}-${n}`, status: 'delivered' },
        ...{ accountId: n % slowShare === 0 ? slow : fast, product: 'sms', reportType: 'dlr' },
      }),
      onAccepted: (n) => accepted.add(`${name}-${n}`),
    });
  const kept = load('kept', true);
  const fresh = load('new', false);
  const rounds: RestartRound[] = [];
  for (let number = 1; number <= options.rounds; number++) {
    await pause(betweenMs);
    const before = { kept: new Map(kept.failed), fresh: new Map(fresh.failed), at: performance.now() };
    gateway.kill('SIGTERM');
    await once(gateway, 'exit');
    const stopMs = performance.now() - before.at;
    gateway = start();
    await untilReady(`${url}/readyz`, gateway);
    await pause(500);
    const round = {
      stopMs,
      gapMs: longestGap([...kept.acceptedAt, ...fresh.acceptedAt], before.at),
      failedKept: since(kept.failed, before.kept),
      failedNew: since(fresh.failed, before.fresh),
    };
    rounds.push(round);
    options.onRound(round, number);
  }
  await Promise.all([kept.stop(), fresh.stop()]);
  const lost = () => [...accepted].filter((id) => !arrived.has(id)).length;
  for (const until = Date.now() + 60_000; lost() > 0 && Date.now() < until; ) await pause(50);
  const result = {
    rounds,
    accepted: accepted.size,
    lost: lost(),
    twice: [...arrived.values()].filter((times) => times > 1).length,
  };
  await end(gateway, () => gateway.kill('SIGTERM'));
  server.closeAllConnections();
  server.close();
  removeDirectory(dataDir);
  return result;
}

function longestGap(acceptedAt: readonly number[], from: number): number {
  const times = acceptedAt.filter((at) => at >= from).sort((a, b) => a - b);
  return Math.max(...times.map((at, i) => at - (times[i - 1] ?? from)));
}

function since(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): Map<string, number> {
  const more = [...now].map(([what, count]) => [what, count - (before.get(what) ?? 0)] as const);
  return new Map(more.filter(([, count]) => count > 0));
}
