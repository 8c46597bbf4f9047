import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../../src/testing/free-port.ts';
import { keep, temporaryDirectory } from '../children.ts';
import { pause } from '../processes.ts';
import { type Calls, startCalls } from './callers.ts';
import type { ClusterBench, Load } from './cut-off.ts';
import { beforeLoad, type Outcome, outcomeOf, until, untilArrived } from './ledger.ts';
import { watchReadiness } from './rolling.ts';
import type { Version } from './versions.ts';

/** What callers and endpoints noticed while one process after another was replaced by another version's. */
export interface Upgrade extends Outcome {
  readonly calls: Calls;
  readonly exitCodes: readonly (number | null)[];
  readonly slowestCallMs: number;
  /** Reports that came from each process while both versions were at work. */
  readonly sentBeside: readonly number[];
  /** What a process of the version before says that is started when the new one is at work; `null`: it starts. */
  readonly refusal: Refusal | null;
}

export interface Refusal {
  readonly code: number | null;
  readonly words: string;
}

export interface UpgradeOptions {
  readonly before: Version;
  readonly after: Version;
  /** So long both are at work beside each other after each replacement. */
  readonly besideMs: number;
  /** Told how far it is. */
  readonly tell: (words: string) => void;
}

/**
 * Replaces every process in turn while events are handed in at all that are ready. The first of the new version brings the schema up to
 * date; those of the version before go on for a while beside it.
 */
export async function upgradeAll(
  bench: ClusterBench,
  load: Load,
  { before: old, after, besideMs, tell }: UpgradeOptions,
): Promise<Upgrade> {
  const { cluster, endpoints, places } = bench;
  const readiness = watchReadiness(cluster);
  const exitCodes: (number | null)[] = [];
  const before = beforeLoad(endpoints);
  const sentBeside = cluster.urls.map(() => 0);
  let isBeside = false;
  let refusal: Refusal | null = null;
  endpoints.onRequest((_endpoint, process) => {
    if (isBeside) sentBeside[process] = (sentBeside[process] ?? 0) + 1;
  });
  await until(() => readiness.count === cluster.urls.length, 'all to be ready');
  const calls = startCalls(cluster, {
    ...load,
    events: Number.POSITIVE_INFINITY,
    places,
    isReady: readiness.isReady,
  });
  try {
    await until(() => calls.accepted >= load.events / 4, 'the beginning of the load');
    for (const process of cluster.urls.keys()) {
      tell(`process ${process} is replaced; ${calls.accepted} events accepted`);
      exitCodes.push(await cluster.terminate(process));
      await cluster.start(process, after.main);
      await until(() => readiness.count === cluster.urls.length, 'all to be ready again');
      if (process === cluster.urls.length - 1) continue;
      isBeside = true;
      if (process === 0) refusal = await startOldOne(old, cluster.environmentOf(0), cluster.operatorKey);
      await pause(besideMs);
      isBeside = false;
    }
    tell(`all are replaced; ${calls.accepted} events accepted`);
    await until(() => calls.accepted >= load.events, 'the rest of the load');
  } finally {
    calls.stop();
    await calls.ended;
    await readiness.close();
  }
  await untilArrived(calls, endpoints);
  return {
    ...outcomeOf(calls, endpoints, before, new Set()),
    ...{ calls, exitCodes, sentBeside, refusal },
    slowestCallMs: Math.max(...calls.tookMs),
  };
}

/** Starts one more of the version before beside all others, and ends it again where it is let in. */
async function startOldOne(
  { main }: Version,
  environment: Readonly<Record<string, string>>,
  operatorKey: string,
): Promise<Refusal | null> {
  const port = String(await freePort());
  const child = keep(
    spawn(process.execPath, [main, 'serve'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        ...environment,
        HOOKWIRE_PORT: port,
        HOOKWIRE_DATA_DIR: temporaryDirectory('old'),
        HOOKWIRE_OPERATOR_KEY: operatorKey,
        HOOKWIRE_LOG_LEVEL: 'warn',
      },
    }),
  );
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  let isIn = false;
  // It prints when it is ready.
  child.stdout.once('data', () => {
    isIn = true;
    child.kill('SIGTERM');
  });
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return isIn ? null : { code, words: words.trim() };
}
