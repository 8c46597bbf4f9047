/**
 * What fast endpoints notice of bad ones: their rate at full load, and the p99 of their latency at half of it, without the
 * bad ones and with them, on the same gateway. 99 beside one that gets its share of the events too; 10 beside 2,500 that
 * never answer. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:isolation -- [--bad hang,slow,fail,account,accounts] [--seconds 6] [--repeat 3]
 */
import { parseArgs } from 'node:util';
import { atLeast, atMost, type Bar, judge } from './harness/bars.ts';
import { calibrate } from './harness/calibrate.ts';
import { count, median, ms, percentile, ratio, spread } from './harness/figures.ts';
import { type LoadOptions, startLoad } from './harness/load.ts';
import { machine } from './harness/machine.ts';
import { drain, type Measured, measure } from './harness/measure.ts';
import { type GatewayProcess, pause, startGatewayProcess } from './harness/processes.ts';
import { createAccounts, createFanOut } from './harness/setup.ts';
import type { SinkAnswer } from './harness/sink.ts';
import { type Sink, startSink } from './harness/sink-process.ts';

const { values } = parseArgs({
  options: {
    bad: { type: 'string', default: 'hang,slow,fail,account,accounts' },
    seconds: { type: 'string', default: '6' },
    repeat: { type: 'string', default: '3' },
  },
});
const seconds = Number(values.seconds);
const repeat = Number(values.repeat);
/** Longer than the slow endpoint takes and the hanging one may, so that what they do has begun when it is measured. */
const settleSeconds = 8;
const timeoutMs = 6_000;
const hanging = 2_500;
/** What each of them has waiting when it is measured: more than it takes for a breaker to open. */
const eventsForHanging = 12;
/** A p99 below this is good enough, whatever it was without the bad ones. */
const goodEnoughMs = 50;

interface Bad {
  readonly name: string;
  readonly answer: SinkAnswer;
  /** Endpoints that are fast. */
  readonly fast: number;
  /** Accounts that {@link hanging} bad webhooks are of; without: one webhook, of one account. */
  readonly accounts?: number;
}

const bads: Partial<Record<string, Bad>> = {
  hang: { answer: 'hang', name: `one never answers (timeout ${timeoutMs / 1000} s)`, fast: 99 },
  slow: { answer: 'slow', name: 'one answers after 5 s', fast: 99 },
  fail: { answer: 'fail', name: 'one always answers 500', fast: 99 },
  account: { answer: 'hang', name: '2,500 of one account never answer', fast: 10, accounts: 1 },
  accounts: { answer: 'hang', name: '2,500 of 250 accounts never answer', fast: 10, accounts: 250 },
};

interface Scene {
  readonly gateway: GatewayProcess;
  readonly fast: Sink;
  readonly fastAccounts: readonly string[];
  readonly badAccounts: readonly string[];
}

/** Loads the fast endpoints; with `badRate` the bad one too. */
async function phase(scene: Scene, rate: number | null, badRate: number | null): Promise<Measured> {
  const { gateway, fast, fastAccounts, badAccounts } = scene;
  await fast.reset();
  const posting: Pick<LoadOptions, 'gateway' | 'connections'> = {
    gateway,
    connections: rate === null ? 4 : 50,
  };
  const load = startLoad({
    ...posting,
    accountIds: fastAccounts,
    batch: 100,
    bound: rate === null ? { sink: fast, backlog: 4_000 } : null,
    rate,
  });
  const badLoad =
    badRate === null
      ? null
      : startLoad({ ...posting, accountIds: badAccounts, batch: 10, bound: null, rate: badRate });
  await pause(1000 * (badLoad ? settleSeconds : 2));
  const measured = await measure(gateway, load, fast, seconds);
  await badLoad?.stop();
  await drain(load, fast);
  return measured;
}

interface Round {
  readonly rateWithout: number;
  readonly rateWith: number;
  readonly p99Without: number;
  readonly p99With: number;
  /** CPU of the gateway for each delivery to a fast one at full load, µs: says more than the rate where the machine is shared. */
  readonly cpuWithout: number;
  readonly cpuWith: number;
}

async function round({ answer, fast: fastEndpoints, accounts }: Bad): Promise<Round> {
  await using fast = await startSink({ webhooks: fastEndpoints });
  await using bad = await startSink({ answer, webhooks: accounts ? hanging : 1 });
  await using gateway = await startGatewayProcess({
    HOOKWIRE_SHUTDOWN_TIMEOUT_MS: '1000',
    HOOKWIRE_LIMIT_WEBHOOKS: '10000',
  });
  const scene: Scene = {
    gateway,
    fast,
    fastAccounts: await createAccounts(gateway, fast.urls),
    badAccounts: accounts
      ? await createFanOut(gateway, bad.urls, accounts)
      : await createAccounts(gateway, bad.urls, { timeoutMs }),
  };
  // A gateway that has just started is slower, which would flatter what comes later.
  const full = await calibrate({ gateway, accountIds: scene.fastAccounts, batch: 100, connections: 4 }, fast);
  const fullQuiet = await phase(scene, null, null);
  const quiet = await phase(scene, full / 2, null);
  if (accounts) await fill(scene);
  const badRate = accounts ? null : full / fastEndpoints;
  const disturbed = await phase(scene, full / 2, badRate && badRate / 2);
  const fullDisturbed = await phase(scene, null, badRate);
  return {
    rateWithout: fullQuiet.delivered,
    rateWith: fullDisturbed.delivered,
    p99Without: percentile(quiet.latenciesMs, 0.99),
    p99With: percentile(disturbed.latenciesMs, 0.99),
    cpuWithout: (fullQuiet.cpu / fullQuiet.delivered) * 1e6,
    cpuWith: (fullDisturbed.cpu / fullDisturbed.delivered) * 1e6,
  };
}

/** Each of the many bad endpoints gets its events, and has had the time to hold what it can. */
async function fill({ gateway, badAccounts }: Scene): Promise<void> {
  const load = startLoad({
    ...{ gateway, accountIds: badAccounts, batch: 1, connections: 4, bound: null, rate: null },
    total: eventsForHanging * badAccounts.length,
  });
  await load.ended;
  await load.stop();
}

async function run(way: string): Promise<Bar[]> {
  const bad = bads[way];
  if (!bad) throw new Error(`--bad takes ${Object.keys(bads).join(', ')}, separated by commas; not ${way}.`);
  console.log(`\n${bad.fast} fast endpoints, ${bad.name}: ${repeat} rounds`);
  const rounds: Round[] = [];
  for (let i = 1; i <= repeat; i++) {
    const done = await round(bad);
    rounds.push(done);
    console.log(
      `  round ${i}: rate ${count(done.rateWithout)}/s without, ${count(done.rateWith)}/s with; p99 ${ms(done.p99Without)} without, ${ms(done.p99With)} with; CPU ${count(done.cpuWithout)} µs a delivery without, ${count(done.cpuWith)} µs with`,
    );
  }
  const rates = rounds.map(({ rateWith, rateWithout }) => rateWith / rateWithout);
  const p99s = rounds.map(({ p99With, p99Without }) => p99With / p99Without);
  console.log(`rate at full load, with : without ${spread(rates, ratio)}`);
  console.log(`p99 at half load, with : without  ${spread(p99s, ratio)}`);
  const mostMs = Math.max(2 * median(rounds.map(({ p99Without }) => p99Without)), goodEnoughMs);
  return [
    atLeast(`${bad.name}: share of their rate that the fast ones keep`, 0.9, median(rates), ratio),
    bad.accounts
      ? atMost(`${bad.name}: their p99`, mostMs, median(rounds.map(({ p99With }) => p99With)), ms)
      : atMost(`${bad.name}: their p99 over what it was`, 2, median(p99s), ratio),
  ];
}

console.log(machine());
console.log(
  `Batches of 100; one bad endpoint gets as many events as each fast one, of many each has ${eventsForHanging} waiting.`,
);
const bars: Bar[] = [];
for (const name of values.bad.split(',')) bars.push(...(await run(name)));
console.log('');
judge(bars);
