import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, createPlaces, startCluster } from '../../bench/harness/cluster/cluster.ts';
import { type ClusterBench, freezeOne, killOne, partitionOne } from '../../bench/harness/cluster/cut-off.ts';
import { type Endpoints, startEndpoints } from '../../bench/harness/cluster/endpoints.ts';
import { allKinds } from '../../bench/harness/cluster/kinds.ts';
import type { Outcome } from '../../bench/harness/cluster/ledger.ts';
import { restartAll } from '../../bench/harness/cluster/rolling.ts';
import { type DatabaseProxy, startProxy } from '../../src/stores/postgres/testing/proxy.ts';
import { type PostgresServer, startPostgres } from '../../src/stores/postgres/testing/server.ts';

const count = 3;
/** The process between which and the database there is a proxy. */
const last = count - 1;
/** Of each process: as many may come twice where one is cut off, and no more. */
const mostInFlight = 150;
/** Of the load for webhooks that bound their rate: more than they take, so that something always waits. */
const steady = 10;

let server: PostgresServer;
let proxy: DatabaseProxy;
let endpoints: Endpoints;
let cluster: Cluster;
let bench: ClusterBench;
let loads = 0;

beforeAll(async () => {
  server = await startPostgres({ durable: true });
  const databaseUrl = server.url('postgres');
  proxy = await startProxy(server.port);
  endpoints = await startEndpoints(allKinds(steady), count);
  cluster = await startCluster({
    ...{ count, endpoints },
    databaseUrlOf: (process) => (process === last ? proxy.url(databaseUrl) : databaseUrl),
    env: { HOOKWIRE_COURIERS: '1', HOOKWIRE_MAX_IN_FLIGHT: String(mostInFlight) },
  });
  bench = { cluster, endpoints, databaseUrl, places: await createPlaces(cluster, endpoints) };
  for (let process = 1; process < count; process++) await cluster.start(process);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await endpoints[Symbol.asyncDispose]();
  await proxy.close();
  await server.remove();
});

const load = () => ({ events: 2_000, callers: 3, batch: 100, rate: 500, run: `load${loads++}` });

/** A process that got no turn of a busy machine for as long as its lease has lost its shards as one that was stopped has. */
const lostShards = 'Other gateways have taken shards of this one, which the database could not hear.';

function expectWell(outcome: Outcome, lostBy: number): void {
  expect(outcome).toMatchObject({ lost: 0, disorder: 0, crowded: 0 });
  expect(outcome.accepted).toBeGreaterThanOrEqual(2_000);
  const times = cluster.warnings().get(lostShards) ?? 0;
  // A process that lost its shards besides had some on their way too.
  if (times <= lostBy) expect(outcome.duplicates).toBeLessThanOrEqual(mostInFlight);
}

it('one of three gateways that is killed under load loses nothing, and others go on where it was within seconds', async () => {
  const round = await killOne(bench, load(), 0);
  expectWell(round, 0);
  expect(round.calls.odd).toEqual([]);
});

it('one that is frozen for longer than its lease does no harm when it goes on, and takes its part again', async () => {
  const round = await freezeOne(bench, load(), 1);
  expectWell(round, 1);
  expect(round).toMatchObject({ besides: 0 });
  expect(round.calls.odd).toEqual([]);
});

it('one that cannot reach the database stops sending before others send for it, and takes its part again', async () => {
  const round = await partitionOne(bench, load(), last, proxy);
  expectWell(round, 1);
  expect(round).toMatchObject({ besides: 0 });
  expect(round.calls).toMatchObject({ odd: [], withoutRetryAfter: 0 });
});

it('all of them restarted one after another refuse no call and lose nothing', async () => {
  // As much as the slowest take, for as long as it lasts.
  const round = await restartAll(bench, { ...load(), rate: 150 });
  expectWell(round, 0);
  expect(round.exitCodes).toEqual([0, 0, 0]);
  expect(round.calls).toMatchObject({ odd: [], refused: 0, unanswered: 0 });
});
