/**
 * How many events go through: posted in batches over HTTP, stored durably, signed and delivered to a sink in a process
 * of its own; beside the raw ceiling, taken in the same run. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:throughput -- [--batch 100] [--webhooks 1] [--seconds 8] [--repeat 3] [--connections 8]
 */
import { parseArgs } from 'node:util';
import { count, machine, median, percentile, spread } from './harness/figures.ts';
import { startLoad } from './harness/load.ts';
import { runToEnd, type Sink, startGatewayProcess, startSink } from './harness/processes.ts';
import { createAccounts } from './harness/setup.ts';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '100' },
    webhooks: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '8' },
    repeat: { type: 'string', default: '3' },
    connections: { type: 'string' },
    backlog: { type: 'string', default: '4000' },
    'cpu-prof': { type: 'boolean', default: false },
  },
});
const batch = Number(values.batch);
const webhooks = Number(values.webhooks);
const seconds = Number(values.seconds);
const connections = Number(values.connections ?? (batch === 1 ? 50 : 4));

interface Round {
  readonly accepted: number;
  readonly delivered: number;
  readonly latenciesMs: readonly number[];
  readonly cpuSeconds: number;
  readonly residentMiB: number;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function addresses(sink: Sink): string[] {
  return Array.from({ length: webhooks }, (_, i) => {
    const host = webhooks === 1 ? '127.0.0.1' : `127.1.${Math.floor(i / 250)}.${(i % 250) + 1}`;
    return `http://${host}:${sink.port}/dlr`;
  });
}

async function ceilingRound(sink: Sink): Promise<number> {
  const inFlight = webhooks === 1 ? '50' : '200';
  const args = [addresses(sink).join(','), inFlight, String(seconds)];
  return (await runToEnd<{ perSecond: number }>('bench/harness/ceiling.ts', args)).perSecond;
}

async function gatewayRound(sink: Sink): Promise<Round> {
  const profiling = values['cpu-prof'] ? ['--cpu-prof', '--cpu-prof-dir=.tmp/profiles'] : [];
  await using gateway = await startGatewayProcess({}, profiling);
  const accountIds = await createAccounts(gateway, addresses(sink));
  sink.reset();
  const load = startLoad({
    gateway,
    accountIds,
    batch,
    connections,
    sink,
    maxBacklog: Number(values.backlog),
  });
  await wait(2_000);
  await sink.latencies();
  const before = {
    at: performance.now(),
    accepted: load.accepted,
    received: sink.received,
    ...(await gateway.usage()),
  };
  await wait(seconds * 1000);
  const took = (performance.now() - before.at) / 1000;
  const accepted = (load.accepted - before.accepted) / took;
  const delivered = (sink.received - before.received) / took;
  const usage = await gateway.usage();
  const latenciesMs = await sink.latencies();
  await load.stop();
  const deadline = Date.now() + 30_000;
  while (sink.received < load.accepted && Date.now() < deadline) await wait(20);
  if (sink.received !== load.accepted) {
    throw new Error(`${load.accepted} events were accepted, ${sink.received} arrived.`);
  }
  return {
    accepted,
    delivered,
    latenciesMs,
    cpuSeconds: (usage.cpuSeconds - before.cpuSeconds) / took,
    residentMiB: usage.residentMiB,
  };
}

console.log(machine());
console.log(
  `${values.repeat} rounds of ${seconds} s; batches of ${batch}, ${connections} callers, ${webhooks} webhooks, synchronous=FULL`,
);
await using sink = await startSink(webhooks === 1 ? '127.0.0.1' : '0.0.0.0');
const ceilings: number[] = [];
const rounds: Round[] = [];
for (let i = 0; i < Number(values.repeat); i++) {
  ceilings.push(await ceilingRound(sink));
  const round = await gatewayRound(sink);
  rounds.push(round);
  console.log(
    `  round ${i + 1}: ceiling ${count(ceilings.at(-1) ?? 0)}/s, delivered ${count(round.delivered)}/s, ratio ${(round.delivered / (ceilings.at(-1) ?? 0)).toFixed(2)}`,
  );
}
const latencies = rounds.flatMap((round) => round.latenciesMs);
const ms = (value: number): string => `${value.toFixed(1)} ms`;
console.log(`accepted/s    ${spread(rounds.map((round) => round.accepted))}`);
console.log(`delivered/s   ${spread(rounds.map((round) => round.delivered))}`);
console.log(`raw ceiling/s ${spread(ceilings)}`);
console.log(
  `latency       p50 ${ms(percentile(latencies, 0.5))}, p95 ${ms(percentile(latencies, 0.95))}, p99 ${ms(percentile(latencies, 0.99))} from POST to arrival, at full load with a backlog of at most ${values.backlog}`,
);
console.log(
  `gateway       ${median(rounds.map((round) => round.cpuSeconds)).toFixed(2)} CPU seconds a second (${((median(rounds.map((round) => round.cpuSeconds)) / median(rounds.map((round) => round.delivered))) * 1e6).toFixed(0)} µs a delivery), ${median(rounds.map((round) => round.residentMiB))} MiB resident`,
);
console.log(
  `ratio to the raw ceiling: ${spread(
    rounds.map((round, i) => round.delivered / (ceilings[i] ?? 1)),
    (value) => value.toFixed(2),
  )}`,
);
