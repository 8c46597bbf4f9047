import type { DatabaseProxy } from '../../../src/stores/postgres/testing/proxy.ts';
import { pause } from '../processes.ts';
import { type Calls, type CallsOptions, startCalls } from './callers.ts';
import type { Cluster, Place } from './cluster.ts';
import type { Endpoint, Endpoints } from './endpoints.ts';
import {
  beforeLoad,
  isAllThere,
  notRecorded,
  type Outcome,
  outcomeOf,
  sentSince,
  until,
  untilArrived,
  watchTakeover,
} from './ledger.ts';

/** A cluster under test, with its endpoints. */
export interface ClusterBench {
  readonly cluster: Cluster;
  readonly endpoints: Endpoints;
  readonly places: readonly Place[];
  /** The database's, past any proxy. */
  readonly databaseUrl: string;
}

export type Load = Pick<CallsOptions, 'events' | 'callers' | 'batch' | 'rate' | 'run'>;

/** What happened when a process was cut off from the others. */
export interface CutOff extends Outcome {
  readonly process: number;
  /** Endpoints that it sent to. */
  readonly endpoints: number;
  /** From then until the last of them was sent to by another process, ms. */
  readonly servedAfterMs: number;
  readonly calls: Calls;
}

/** Kills a process in the middle of a load, and starts it again after a while. */
export async function killOne(bench: ClusterBench, load: Load, process: number): Promise<CutOff> {
  const { cluster, endpoints, places, databaseUrl } = bench;
  const before = beforeLoad(endpoints);
  const calls = startCalls(cluster, { ...load, places });
  await until(() => calls.accepted >= load.events * (0.2 + 0.3 * Math.random()), 'the moment of the kill');
  let isRead = false;
  // What it had sent may still be on its way, and comes from an address that it has again when it is back.
  const takeover = watchTakeover(endpoints, process, () => isRead);
  const count = takeover.left.size;
  const killedAt = performance.now();
  await cluster.kill(process);
  await endpoints.untilClosed(process);
  isRead = true;
  const inFlight = await notRecorded(databaseUrl, endpoints, process);
  await pause(2_000 * Math.random());
  await cluster.start(process);
  await until(() => takeover.left.size === 0, 'somebody who sends what it sent');
  await calls.ended;
  await untilArrived(calls, endpoints);
  const outcome = outcomeOf(calls, endpoints, before, inFlight);
  return { ...outcome, process, endpoints: count, servedAfterMs: takeover.servedAt - killedAt, calls };
}

/** What a process does that was away for longer than its lease, and is back. */
export interface Away extends CutOff {
  /** Its last request before it was back came so long after it was cut off, ms. */
  readonly lastRequestAfterMs: number;
  /** Requests of it at endpoints that another process had sent to already: must be 0. */
  readonly besides: number;
  /** From then until it sent for webhooks of its own again, ms. */
  readonly backAfterMs: number;
}

/** Stops a process past its lease (SIGSTOP), and lets it go on. */
export function freezeOne(bench: ClusterBench, load: Load, process: number): Promise<Away> {
  const { cluster } = bench;
  return away(bench, load, process, {
    leave: () => cluster.freeze(process),
    comeBack: () => cluster.thaw(process),
  });
}

/** Has the network between a process and the database swallow everything past its lease. */
export function partitionOne(
  bench: ClusterBench,
  load: Load,
  process: number,
  proxy: DatabaseProxy,
): Promise<Away> {
  return away(bench, load, process, { leave: proxy.swallow, comeBack: proxy.up });
}

/** A caller that is not answered goes to another process after so long. */
const callersWaitMs = 3_000;
/** So many requests of others are looked on, beside which it must not send. */
const beside = 50;

async function away(
  bench: ClusterBench,
  load: Load,
  process: number,
  { leave, comeBack }: { readonly leave: () => void; readonly comeBack: () => void },
): Promise<Away> {
  const { cluster, endpoints, places, databaseUrl } = bench;
  const before = beforeLoad(endpoints);
  const calls = startCalls(cluster, { ...load, places, patienceMs: callersWaitMs });
  await until(() => calls.accepted >= load.events / 4, 'the moment to leave');
  const takeover = watchTakeover(endpoints, process, (by) => by !== process);
  const own = new Set(takeover.left);
  /** Endpoints of its webhooks that others have sent to since it left, and how often they have. */
  const others = new Set<Endpoint>();
  let sentByOthers = 0;
  endpoints.onRequest((endpoint, by) => {
    if (by === process || !own.has(endpoint)) return;
    others.add(endpoint);
    if (takeover.left.size === 0) sentByOthers++;
  });
  let lastAt = performance.now();
  let backAt: number | null = null;
  let isBack = false;
  let besides = 0;
  let inFlight = new Set<string>();
  endpoints.onRequest((endpoint, by, name) => {
    if (by !== process) return;
    // What it had begun when it left may reach its endpoints when it is back.
    if (isBack && !inFlight.has(name) && !endpoints.arrivals.has(name)) backAt ??= performance.now();
    if (isBack) return;
    lastAt = performance.now();
    if (others.has(endpoint)) besides++;
  });
  const leftAt = performance.now();
  leave();
  inFlight = await notRecorded(databaseUrl, endpoints, process);
  await until(() => takeover.left.size === 0, 'somebody who sends what it sent');
  const servedAfterMs = takeover.servedAt - leftAt;
  await until(() => sentByOthers >= beside || isAllThere(calls, endpoints), 'more that others send');
  for (const name of sentSince(endpoints, process, leftAt)) inFlight.add(name);
  const cameBackAt = performance.now();
  isBack = true;
  comeBack();
  await calls.ended;
  await untilArrived(calls, endpoints);
  // Of its own again: something is handed in for all of them until it sends.
  const more = startCalls(cluster, {
    ...{ places, callers: 1, batch: load.batch, events: Number.POSITIVE_INFINITY, rate: load.batch * 5 },
    run: `${load.run}-back`,
  });
  await until(() => backAt !== null, 'a request of the one that is back');
  more.stop();
  await more.ended;
  await untilArrived(more, endpoints);
  const outcome = outcomeOf(calls, endpoints, before, inFlight);
  return {
    ...{ ...outcome, process, endpoints: own.size, servedAfterMs, calls },
    ...{ lastRequestAfterMs: lastAt - leftAt, besides },
    backAfterMs: (backAt ?? cameBackAt) - cameBackAt,
  };
}
