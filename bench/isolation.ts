/**
 * What fast endpoints notice of bad ones: their rate at full load, and the p99 of their latency at half of it, while the bad ones
 * have nothing to be sent and while they have, on a gateway each. 99 beside one that gets its share of the events too; 10 beside 2,500 that
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
  await pause(1000 * settleSeconds);
  const measured = await measure(gateway, load, fast, seconds);
  await badLoad?.stop();
  await drain(load, fast);
  return measured;
}

/** What the fast ones have. */
interface Course {
  /** Events a second at full load. */
  readonly rate: number;
  /** At half load, ms. */
  readonly p99: number;
  /** CPU of the gateway for each delivery to a fast one at full load, µs: says more than the rate where the machine is shared. */
  readonly cpu: number;
}

/** @param withEvents whether the bad ones get any */
async function course(bad: Bad, withEvents: boolean): Promise<Course> {
  const { answer, fast: fastEndpoints, accounts } = bad;
  await using fast = await startSink({ webhooks: fastEndpoints });
  await using badSink = await startSink({ answer, webhooks: accounts ? hanging : 1 });
  await using gateway = await startGatewayProcess({
    HOOKWIRE_SHUTDOWN_TIMEOUT_MS: '1000',
    HOOKWIRE_LIMIT_WEBHOOKS: '10000',
  });
  const scene: Scene = {
    gateway,
    fast,
    fastAccounts: await createAccounts(gateway, fast.urls),
    badAccounts: accounts
      ? await createFanOut(gateway, badSink.urls, accounts)
      : await createAccounts(gateway, badSink.urls, { timeoutMs }),
  };
  // A gateway that has just started is slower.
  const full = await calibrate({ gateway, accountIds: scene.fastAccounts, batch: 100, connections: 4 }, fast);
  if (accounts && withEvents) await fill(scene);
  const badRate = accounts || !withEvents ? null : full / fastEndpoints;
  const half = await phase(scene, full / 2, badRate && badRate / 2);
  const most = await phase(scene, null, badRate);
  return {
    rate: most.delivered,
    p99: percentile(half.latenciesMs, 0.99),
    cpu: (most.cpu / most.delivered) * 1e6,
  };
}

interface Round {
  readonly without: Course;
  readonly with: Course;
}

/** The same course twice; in every other round the one with events comes first, since a database that fills gets slower by itself. */
async function round(bad: Bad, number: number): Promise<Round> {
  const isWithFirst = number % 2 === 0;
  const first = await course(bad, isWithFirst);
  const second = await course(bad, !isWithFirst);
  return isWithFirst ? { without: second, with: first } : { without: first, with: second };
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
    const done = await round(bad, i);
    rounds.push(done);
    const { without, with: disturbed } = done;
    console.log(
      `  round ${i}: rate ${count(without.rate)}/s without, ${count(disturbed.rate)}/s with; p99 ${ms(without.p99)} without, ${ms(disturbed.p99)} with; CPU ${count(without.cpu)} µs a delivery without, ${count(disturbed.cpu)} µs with`,
    );
  }
  const rates = rounds.map(({ without, with: disturbed }) => disturbed.rate / without.rate);
  const p99s = rounds.map(({ without, with: disturbed }) => disturbed.p99 / without.p99);
  console.log(`rate at full load, with : without ${spread(rates, ratio)}`);
  console.log(`p99 at half load, with : without  ${spread(p99s, ratio)}`);
  const mostMs = Math.max(2 * median(rounds.map(({ without }) => without.p99)), goodEnoughMs);
  return [
    atLeast(`${bad.name}: share of their rate that the fast ones keep`, 0.9, median(rates), ratio),
    bad.accounts
      ? atMost(`${bad.name}: their p99`, mostMs, median(rounds.map((each) => each.with.p99)), ms)
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
