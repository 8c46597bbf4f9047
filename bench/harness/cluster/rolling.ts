import { percentile } from '../figures.ts';
import { pause } from '../processes.ts';
import { type Calls, startCalls } from './callers.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterBench, Load } from './cut-off.ts';
import type { Endpoints } from './endpoints.ts';
import { beforeLoad, latenciesOf, type Outcome, outcomeOf, until, untilArrived } from './ledger.ts';

/** What callers and endpoints noticed of a restart of one process after another. */
export interface RollingRestart extends Outcome {
  readonly calls: Calls;
  readonly exitCodes: readonly (number | null)[];
  /** From acknowledgement to arrival, ms, of what takes its way without a fault of its endpoint. */
  readonly latencyMs: { readonly median: number; readonly p99: number; readonly worst: number };
  readonly slowestCallMs: number;
  /** The longest that an endpoint of those had nothing come while events were handed in, ms. */
  readonly longestGap: { readonly url: string; readonly ms: number };
}

/** So often a balancer asks who is ready. */
const askEachMs = 20;
/**
 * For so long it holds that one is: a process that stops says so for half a second before its port closes
 * (`wiring/build-http.ts`). Who got no turn of a busy machine meanwhile has to ask again before he calls it.
 */
const wordHoldsMs = 400;

/** As a load balancer does: asks each process whether it is ready, and sends calls to those that say so. */
export function watchReadiness(cluster: Cluster) {
  /** When those that are ready were asked. */
  const ready = new Map<number, number>();
  let closed = false;
  async function ask(process: number): Promise<void> {
    while (!closed) {
      const askedAt = performance.now();
      const answer = await fetch(`${cluster.urls[process]}/readyz`).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.ok) ready.set(process, askedAt);
      else ready.delete(process);
      await pause(askEachMs);
    }
  }
  const asking = cluster.urls.map((_, process) => ask(process));
  return {
    isReady(process: number): boolean {
      const askedAt = ready.get(process);
      return askedAt !== undefined && performance.now() - askedAt < wordHoldsMs;
    },
    get count() {
      return ready.size;
    },
    async close() {
      closed = true;
      await Promise.all(asking);
    },
  };
}

/** Their reports are held up by nothing of their own. */
const wellKinds = ['plain', 'single'];

/** Tells for how long at most nothing came to an endpoint of these kinds. */
function watchGaps(endpoints: Endpoints, kinds: readonly string[]) {
  const lastAt = new Map<string, number>();
  let longest = { url: '', ms: 0 };
  let isOn = false;
  function came(url: string): void {
    const now = performance.now();
    const gap = now - (lastAt.get(url) ?? now);
    if (gap > longest.ms) longest = { url, ms: gap };
    lastAt.set(url, now);
  }
  const own = endpoints.all.filter(({ kind }) => kinds.includes(kind.name));
  endpoints.onRequest(({ url, kind }) => {
    if (isOn && kinds.includes(kind.name)) came(url);
  });
  return {
    begin() {
      isOn = true;
      for (const { url } of own) came(url);
    },
    /** What has not come by now counts as well. */
    end() {
      for (const { url } of own) came(url);
      isOn = false;
    },
    get longest() {
      return longest;
    },
  };
}

/** Stops and starts every process in turn while events are handed in; each when the one before is ready again. */
export async function restartAll(bench: ClusterBench, load: Load): Promise<RollingRestart> {
  const { cluster, endpoints, places } = bench;
  const readiness = watchReadiness(cluster);
  const exitCodes: (number | null)[] = [];
  const before = beforeLoad(endpoints);
  await until(() => readiness.count === cluster.urls.length, 'all to be ready');
  const calls = startCalls(cluster, {
    ...load,
    events: Number.POSITIVE_INFINITY,
    places,
    isReady: readiness.isReady,
  });
  const gaps = watchGaps(endpoints, wellKinds);
  try {
    await until(() => calls.accepted >= load.events / 4, 'the beginning of the load');
    gaps.begin();
    for (const process of cluster.urls.keys()) {
      exitCodes.push(await cluster.terminate(process));
      await cluster.start(process);
      await until(() => readiness.count === cluster.urls.length, 'all to be ready again');
    }
    await until(() => calls.accepted >= load.events, 'the rest of the load');
  } finally {
    gaps.end();
    calls.stop();
    await calls.ended;
    await readiness.close();
  }
  await untilArrived(calls, endpoints);
  const wellOnes = latenciesOf(calls, endpoints, wellKinds);
  return {
    ...outcomeOf(calls, endpoints, before, new Set()),
    ...{ calls, exitCodes },
    latencyMs: {
      median: percentile(wellOnes, 0.5),
      p99: percentile(wellOnes, 0.99),
      worst: Math.max(...wellOnes),
    },
    longestGap: gaps.longest,
    slowestCallMs: Math.max(...calls.tookMs),
  };
}
