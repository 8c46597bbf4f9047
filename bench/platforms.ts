/**
 * Hookwire beside webhook platforms that one can host oneself, with the same single events, the same callers and the same
 * sink, in the same run. One that is not installed is left out: bench/platforms/README.md says how to install them.
 * docs/benchmarks.md says how to read it.
 *
 *   npm run bench:platforms -- [--only outpost,svix] [--seconds 8] [--repeat 3]
 */
import { parseArgs } from 'node:util';
import { atLeast, judge } from './harness/bars.ts';
import { count, median, ratio, spread } from './harness/figures.ts';
import { type LoadOptions, startLoad } from './harness/load.ts';
import { machine } from './harness/machine.ts';
import { drain, measure } from './harness/measure.ts';
import { startPeer } from './harness/peer-process.ts';
import { pause, startGatewayProcess } from './harness/processes.ts';
import { createAccounts } from './harness/setup.ts';
import { callers, warmUpSeconds } from './harness/shape.ts';
import { type Sink, startSink } from './harness/sink-process.ts';
import { treeUsage } from './harness/tree-usage.ts';
import { type Installed, outpostInstalled, svixInstalled } from './platforms/installed.ts';
import type { Address } from './platforms/platform.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'outpost,svix' },
    seconds: { type: 'string', default: '8' },
    repeat: { type: 'string', default: '3' },
  },
});
const seconds = Number(values.seconds);
const repeat = Number(values.repeat);
const only = values.only.split(',');
const shape = { batch: 1, webhooks: 1, tls: false };

interface Round {
  /** Single events delivered per second. */
  readonly delivered: number;
  /** CPU of all its processes, µs a delivery. */
  readonly cost: number;
}

interface Contender {
  readonly id: string;
  readonly name: string;
  readonly durable: string;
  readonly isolated: string;
  run(sink: Sink): Promise<Round>;
}

interface Platform extends Contender {
  readonly installed: Installed;
}

/** As many as go, with at most 4,000 accepted that have not arrived, as in every benchmark. */
async function round(
  posting: Pick<LoadOptions, 'gateway' | 'accountIds' | 'intake'>,
  pid: number,
  sink: Sink,
): Promise<Round> {
  await sink.reset();
  const load = startLoad({
    ...posting,
    batch: shape.batch,
    connections: callers(shape),
    bound: { sink, backlog: 4_000 },
    rate: null,
  });
  await pause(warmUpSeconds(shape) * 1000);
  const { delivered, cpu } = await measure({ usage: () => treeUsage(pid) }, load, sink, seconds);
  await drain(load, sink);
  return { delivered, cost: (cpu / delivered) * 1e6 };
}

const hookwire: Contender = {
  id: 'hookwire',
  name: 'Hookwire',
  durable: 'yes: on disk (fsync) before the 202',
  isolated: 'yes: a lane for each endpoint',
  async run(sink) {
    await using gateway = await startGatewayProcess();
    const accountIds = await createAccounts(gateway, sink.urls);
    return await round({ gateway, accountIds }, gateway.child.pid ?? 0, sink);
  },
};

function platform(promises: Omit<Platform, 'run'>): Platform {
  return {
    ...promises,
    async run(sink) {
      await using server = await startPeer<Address>(`platforms/${promises.id}`, sink.urls[0] ?? '');
      const { url, key, intake, pid } = server;
      return await round(
        { gateway: { url, operatorKey: key }, accountIds: ['acc_bench'], intake },
        pid,
        sink,
      );
    },
  };
}

const platforms: readonly Platform[] = [
  platform({
    id: 'outpost',
    name: 'Hookdeck Outpost',
    installed: outpostInstalled(),
    durable: 'in RabbitMQ (quorum queue, confirmed); stored with its first attempt, up to 10 s later',
    isolated: 'no: one queue, one concurrency limit',
  }),
  platform({
    id: 'svix',
    name: 'Svix',
    installed: svixInstalled(),
    durable: 'the message, in PostgreSQL; that it is to be sent, within a second (Redis)',
    isolated: 'no: one queue, 500 tasks under way for all',
  }),
];

console.log(machine());
for (const { id, name, installed } of platforms) {
  if (!only.includes(id)) continue;
  console.log(
    installed.missing.length === 0
      ? `${name} ${installed.versions}`
      : `${name}: skipped, not installed: ${installed.missing.join(', ')}`,
  );
}
const compared = platforms.filter(({ id, installed }) => only.includes(id) && installed.missing.length === 0);
console.log(
  `${repeat} rounds of ${seconds} s each, single events by ${callers(shape)} callers to one endpoint\n`,
);

await using sink = await startSink();
const rounds: Map<string, Round>[] = [];
for (let i = 1; i <= repeat; i++) {
  const inTurn = new Map<string, Round>();
  for (const { id, name, run } of [hookwire, ...compared]) {
    const result = await run(sink);
    inTurn.set(id, result);
    console.log(
      `  round ${i}: ${name.padEnd(16)} ${count(result.delivered).padStart(7)}/s, ${count(result.cost).padStart(6)} µs of CPU a delivery`,
    );
  }
  rounds.push(inTurn);
}

function figures(id: string, read: (round: Round) => number): number[] {
  return rounds.flatMap((inTurn) => {
    const result = inTurn.get(id);
    return result ? [read(result)] : [];
  });
}

const delivered = (id: string): number[] => figures(id, (round) => round.delivered);

for (const { id, name, durable, isolated } of [hookwire, ...compared]) {
  console.log(`\n${name}`);
  console.log(`  single events/s       ${spread(delivered(id))}`);
  console.log(`  µs of CPU a delivery  ${spread(figures(id, ({ cost }) => cost))}`);
  console.log(`  durable               ${durable}`);
  console.log(`  isolated              ${isolated}`);
}

if (compared.length === 0) console.log('\nNo platform is installed: nothing to compare with.');
else {
  const over = delivered(hookwire.id).map(
    (speed, i) => speed / Math.max(...compared.map(({ id }) => delivered(id)[i] ?? 0)),
  );
  const names = compared.map(({ name }) => name).join(' and ');
  console.log(`\nHookwire over ${names}, the better of them: ${spread(over, ratio)}`);
  judge([atLeast(`single events: Hookwire over ${names}`, 8, median(over), ratio)]);
}
