import pg from 'pg';
import { patienceMs } from '../patience.ts';
import { pause } from '../processes.ts';
import type { Calls } from './callers.ts';
import type { Arrival, Endpoint, Endpoints } from './endpoints.ts';

/** What became of a load, by what was acknowledged and what arrived. */
export interface Outcome {
  readonly accepted: number;
  /** Acknowledged reports that never arrived: must be 0. */
  readonly lost: number;
  /** Reports that arrived a second time. */
  readonly duplicates: number;
  /** Reports that one process had sent and not recorded when it was cut off. */
  readonly inFlight: number;
  /** Duplicates of reports that were not in flight there, or that came a third time: must be 0. */
  readonly unexplained: number;
  /** What is known of the first of them, for people. */
  readonly examples: readonly string[];
  /** Must be 0. */
  readonly disorder: number;
  /** Endpoints that had more requests at once than they take: must be 0. */
  readonly crowded: number;
}

const recordedState = 3;
const mostExamples = 10;
/** What a process has not recorded, it has sent within so long. */
const recentMs = 120_000;
/** So often it is looked whether something has come. */
const lookMs = 20;

/** Waits until everything acknowledged has arrived, or nothing has arrived for long. */
export async function untilArrived(calls: Calls, { arrivals, order }: Endpoints): Promise<void> {
  let seen = -1;
  let seenAt = performance.now();
  const missing = new Set(calls.expected.keys());
  while (missing.size > 0 && performance.now() - seenAt < patienceMs) {
    if (order.length !== seen) {
      seen = order.length;
      seenAt = performance.now();
    }
    await pause(lookMs);
    for (const name of missing) if (arrivals.has(name)) missing.delete(name);
  }
}

/** All that was acknowledged until now has arrived. */
export function isAllThere(calls: Calls, { arrivals }: Endpoints): boolean {
  for (const name of calls.expected.keys()) if (!arrivals.has(name)) return false;
  return true;
}

/** Waits for something that is sure to come. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const endsAt = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > endsAt) throw new Error(`It never came: ${what}`);
    await pause(lookMs);
  }
}

/** Reports that came from a process and of which the database does not know that they are delivered. */
export async function notRecorded(
  databaseUrl: string,
  { arrivals }: Endpoints,
  process: number,
): Promise<Set<string>> {
  const since = performance.now() - recentMs;
  const sent = [...arrivals].filter(([, of]) =>
    of.some((each) => each.process === process && each.at > since),
  );
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const { rows } = await client
    .query<{ id: string }>(
      `select e.own_id as id from deliveries d join events e on e.account = d.account and e.seq = d.event
       where d.state = ${recordedState} and d.ended_at > $1`,
      [Date.now() - 2 * recentMs],
    )
    .finally(() => client.end());
  const recorded = new Set(rows.map(({ id }) => id));
  return new Set(sent.map(([name]) => name).filter((name) => !recorded.has(name)));
}

/** Reports that came from a process since then. */
export function sentSince({ arrivals }: Endpoints, process: number, since: number): string[] {
  return [...arrivals]
    .filter(([, of]) => of.some((each) => each.process === process && each.at >= since))
    .map(([name]) => name);
}

/** What had come before a load. */
export interface Before {
  readonly names: number;
  readonly disorder: number;
  readonly crowded: number;
}

export function beforeLoad({ order, disorder, crowded }: Endpoints): Before {
  return { names: order.length, disorder: disorder.length, crowded: crowded.length };
}

function storyOf(name: string, arrivals: Endpoints['arrivals']): string {
  const came = (arrivals.get(name) ?? []).map(({ at, process }) => `from ${process} at ${Math.round(at)} ms`);
  return `${name} came ${came.join(', ')}`;
}

/** @param inFlight names of what may come twice */
export function outcomeOf(
  calls: Calls,
  endpoints: Endpoints,
  before: Before,
  inFlight: ReadonlySet<string>,
): Outcome {
  const { arrivals, order, disorder, crowded } = endpoints;
  let lost = 0;
  for (const name of calls.expected.keys()) if (!arrivals.has(name)) lost++;
  let duplicates = 0;
  let unexplained = 0;
  const examples: string[] = [];
  for (const name of order.slice(before.names)) {
    const again = (arrivals.get(name) as readonly Arrival[]).length - 1;
    duplicates += again;
    const odd = again - (inFlight.has(name) ? Math.min(again, 1) : 0);
    unexplained += odd;
    if (odd > 0 && examples.length < mostExamples) examples.push(storyOf(name, arrivals));
  }
  return {
    ...{ accepted: calls.accepted, lost, duplicates, inFlight: inFlight.size, unexplained, examples },
    disorder: disorder.length - before.disorder,
    crowded: crowded.length - before.crowded,
  };
}

/** Tells when what a process sent to is sent to again. */
export interface Takeover {
  /** Endpoints that wait for it. */
  readonly left: ReadonlySet<Endpoint>;
  /** When the last of them was served again. */
  readonly servedAt: number;
}

/**
 * Watches the endpoints that this process sends to, from now on, but those that their own faults let rest.
 * @param counts whether a request of a process at an endpoint is one of another owner
 */
export function watchTakeover(
  endpoints: Endpoints,
  process: number,
  counts: (by: number) => boolean,
): Takeover {
  const left = new Set(endpoints.all.filter(({ sender, kind }) => sender === process && !kind.mayRest));
  let servedAt = performance.now();
  endpoints.onRequest((endpoint, by) => {
    if (!counts(by) || !left.delete(endpoint)) return;
    servedAt = performance.now();
  });
  return {
    left,
    get servedAt() {
      return servedAt;
    },
  };
}

/**
 * From acknowledgement to first arrival, ms; what arrived before it was acknowledged took no time.
 * @param kinds names of those whose reports are looked at
 */
export function latenciesOf(calls: Calls, { arrivals }: Endpoints, kinds: readonly string[]): number[] {
  return [...calls.expected].flatMap(([name, at]) => {
    const first = kinds.some((kind) => name.includes(`-${kind}-`)) ? arrivals.get(name)?.[0] : undefined;
    return first ? [Math.max(0, first.at - at)] : [];
  });
}
