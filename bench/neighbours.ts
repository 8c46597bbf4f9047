/**
 * What an account that posts 50 events a second notices of another that misbehaves, for each way to misbehave:
 * the p99 of its calls alone, and beside it. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:neighbours -- [--ways fanOut,lists] [--seconds 10] [--repeat 3]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { atMost, type Bar, judge } from './harness/bars.ts';
import { end, keep } from './harness/children.ts';
import { median, ms } from './harness/figures.ts';
import { machine, root } from './harness/machine.ts';
import { type Misbehaviour, type Way, ways } from './harness/misbehaviours.ts';
import { pause, startGatewayProcess } from './harness/processes.ts';
import { postQuietly, type Seen } from './harness/quiet-poster.ts';
import { callApi, createAccounts } from './harness/setup.ts';
import { startSink } from './harness/sink-process.ts';

const { values } = parseArgs({
  options: {
    ways: { type: 'string', default: Object.keys(ways).join(',') },
    seconds: { type: 'string', default: '10' },
    repeat: { type: 'string', default: '3' },
  },
});
const seconds = Number(values.seconds);
const repeat = Number(values.repeat);
const perSecond = 50;
/** A p99 below this is good enough, whatever it was alone. */
const goodEnoughMs = 50;

/** What the quiet account saw without the other, and beside it. */
interface Round {
  readonly alone: Seen;
  readonly beside: Seen;
}

/** Several rounds, since a disk that stands still for 40 ms once in a thousand times decides a p99 of 500 calls. */
async function run(way: Way): Promise<Bar[]> {
  console.log(`\n${way}: ${ways[way]}`);
  const rounds: Round[] = [];
  for (let round = 0; round < repeat; round++) rounds.push(await runOnce(way));
  const p99 = median(rounds.map(({ beside }) => beside.p99));
  const most = Math.max(2 * median(rounds.map(({ alone }) => alone.p99)), goodEnoughMs);
  const refused = rounds.reduce((sum, { beside }) => sum + beside.refused, 0);
  return [atMost(`${way}: p99 beside`, most, p99, ms), atMost(`${way}: calls refused`, 0, refused, String)];
}

async function runOnce(way: Way): Promise<Round> {
  await using sink = await startSink();
  await using dead = await startSink({ answer: 'hang' });
  await using gateway = await startGatewayProcess({ HOOKWIRE_SHUTDOWN_TIMEOUT_MS: '1000' });
  const [accountId = ''] = await createAccounts(gateway, sink.urls);
  const { key } = await callApi<{ key: string }>(gateway, 'POST', `/v1/accounts/${accountId}/keys`, {
    name: 'quiet',
    scopes: ['events:write'],
  });
  const quietly = (forSeconds: number): Promise<Seen> =>
    postQuietly(gateway, key, accountId, perSecond, forSeconds);
  const settings: Misbehaviour = {
    way,
    gateway: { url: gateway.url, operatorKey: gateway.operatorKey },
    sink: sink.urls[0] ?? '',
    dead: dead.urls[0] ?? '',
  };
  const bad = keep(fork(join(root, 'bench/harness/misbehave.ts'), [JSON.stringify(settings)]));
  await once(bad, 'message');
  await quietly(3);
  const alone = await quietly(seconds);
  bad.send('go');
  await pause(1000);
  const beside = await quietly(seconds);
  const { residentMiB } = await gateway.usage();
  const told = once(bad, 'message');
  bad.send('stop');
  const [answers] = (await told) as [Record<string, number>];
  await end(bad, () => bad.kill());
  console.log(
    `  alone  p50 ${ms(alone.p50)}, p99 ${ms(alone.p99)}, refused ${alone.refused} of ${alone.calls}`,
  );
  console.log(
    `  beside p50 ${ms(beside.p50)}, p99 ${ms(beside.p99)}, refused ${beside.refused} of ${beside.calls}; memory ${residentMiB} MiB; the other was answered ${JSON.stringify(answers)}`,
  );
  return { alone, beside };
}

console.log(machine());
const bars: Bar[] = [];
for (const way of values.ways.split(',')) {
  if (!Object.hasOwn(ways, way)) throw new Error(`--ways takes ${Object.keys(ways).join(', ')}; not ${way}.`);
  bars.push(...(await run(way as Way)));
}
console.log('');
judge(bars);
