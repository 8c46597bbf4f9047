/**
 * What a start costs, and what callers notice of a restart under load. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:restart -- [--rounds 10] [--rate 200] [--slow-ms 3000] [--deliveries 1500000] [--starts 5]
 *
 * `--deliveries 0` leaves the start with a full history out, whose filling takes minutes.
 */
import { parseArgs } from 'node:util';
import { createCipher } from '../src/stores/secrets/cipher.ts';
import { loadOrCreateMasterKey } from '../src/stores/secrets/master-key-file.ts';
import { openJoinedStore } from '../src/stores/sqlite/testing/joined-store.ts';
import { atMost, type Bar, judge } from './harness/bars.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import { count, median, ms, spread } from './harness/figures.ts';
import { fillHistory } from './harness/fill-history.ts';
import { machine } from './harness/machine.ts';
import { restartRounds } from './harness/restart.ts';
import { startFigures } from './harness/start-figures.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    rate: { type: 'string', default: '200' },
    'slow-ms': { type: 'string', default: '3000' },
    deliveries: { type: 'string', default: '1500000' },
    starts: { type: 'string', default: '5' },
  },
});
const deliveries = Number(values.deliveries);
const seconds = (value: number): string => `${value.toFixed(2)} s`;
const byNode = [process.execPath, 'bin/hookwire.js', 'serve'] as const;
const byNpm = ['npm', 'start'] as const;

console.log(machine());
const bars: Bar[] = [];
if (Number(values.starts) > 0) {
  await measureStarts('an empty directory', null, 1);
  if (deliveries > 0) {
    const dataDir = await fill();
    await measureStarts(`${count(deliveries)} deliveries`, dataDir, 2);
    removeDirectory(dataDir);
  }
}
if (Number(values.rounds) > 0) await measureRestarts();
judge(bars);

async function measureStarts(what: string, dataDir: string | null, mostSeconds: number): Promise<void> {
  for (const command of [byNode, byNpm]) {
    const runs = [];
    for (let i = 0; i < Number(values.starts); i++) runs.push(await startFigures(command, dataDir));
    const cpu = runs.map(({ cpuSeconds }) => cpuSeconds);
    const wall = runs.map(({ wallSeconds }) => wallSeconds);
    const name = `${command === byNpm ? 'npm start' : 'node bin/hookwire.js serve'}, ${what}`;
    console.log(`${name}: CPU ${spread(cpu, seconds)}, to the open port ${spread(wall, seconds)}`);
    if (command === byNpm) bars.push(atMost(`CPU of ${name}`, mostSeconds, median(cpu), seconds));
  }
}

/** A directory with a history. */
async function fill(): Promise<string> {
  const dataDir = temporaryDirectory('restart-full');
  const clock = { at: Date.now() - 7 * 86_400_000 };
  const masterKey = await loadOrCreateMasterKey(dataDir, console.warn);
  const store = await openJoinedStore({
    dataDir,
    cipher: createCipher(masterKey),
    clock: { now: () => clock.at, elapsed: () => clock.at, setTimer: () => ({ cancel: () => {} }) },
    onDeath: (error) => {
      throw error;
    },
  });
  await fillHistory(store, clock, { deliveries, accounts: 50, days: 7, onProgress: () => {} });
  await store.close();
  return dataDir;
}

async function measureRestarts(): Promise<void> {
  const slowMs = Number(values['slow-ms']);
  console.log(`\n${values.rate} events a second, 5 % to an endpoint that takes ${seconds(slowMs / 1000)}`);
  const result = await restartRounds({
    rounds: Number(values.rounds),
    perSecond: Number(values.rate),
    slowMs,
    onRound(round, number) {
      console.log(
        `restart ${number}: stopped in ${seconds(round.stopMs / 1000)}, longest time without intake ${ms(round.gapMs)}, not accepted: kept connections ${listed(round.failedKept)}, new connections ${listed(round.failedNew)}`,
      );
    },
  });
  const gaps = result.rounds.map(({ gapMs }) => gapMs);
  console.log(
    `${result.rounds.length} restarts: accepted ${count(result.accepted)}, lost ${result.lost}, twice ${result.twice}, without intake ${spread(gaps, ms)}`,
  );
  bars.push(
    atMost('longest time without intake', 1_500, Math.max(...gaps), ms),
    atMost('events lost', 0, result.lost, count),
  );
}

function listed(failed: ReadonlyMap<string, number>): string {
  return [...failed].map(([what, times]) => `${times} × ${what}`).join(', ') || 'none';
}
