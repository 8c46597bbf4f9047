/**
 * Backs up a gateway that takes a load, and restores the backup: how long it takes, for how long callers wait, how large
 * the write-ahead log gets, and whether everything acknowledged is in it. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:backup -- [--deliveries 1400000] [--rate 2000] [--batch 10] [--seconds 15] [--data-dir <filled>]
 */
import { cpSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCipher } from '../src/stores/secrets/cipher.ts';
import { openJoinedStore } from '../src/stores/sqlite/testing/joined-store.ts';
import { backUpUnderLoad, type Stretch } from './harness/backup-under-load.ts';
import { atMost, judge } from './harness/bars.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import { runCli } from './harness/cli-process.ts';
import { count, ms, percentile } from './harness/figures.ts';
import { fillHistory } from './harness/fill-history.ts';
import { machine } from './harness/machine.ts';
import { startGatewayProcess } from './harness/processes.ts';
import { callApi } from './harness/setup.ts';
import { startSink } from './harness/sink-process.ts';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '1400000' },
    rate: { type: 'string', default: '2000' },
    batch: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '15' },
    'data-dir': { type: 'string' },
  },
});
const mebibyte = 1024 * 1024;
const mib = (bytes: number): string => `${(bytes / mebibyte).toFixed(0)} MiB`;
const longestLockMs = 100;
const largestWalBytes = 64 * mebibyte;

async function fill(dataDir: string): Promise<void> {
  if (values['data-dir']) {
    cpSync(values['data-dir'], dataDir, { recursive: true });
    return;
  }
  const key = Buffer.alloc(32, 7).toString('base64');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'master.key'), `${key}\n`, { mode: 0o600 });
  const clock = { at: Date.now() - 8 * 86_400_000 };
  const store = await openJoinedStore({
    dataDir,
    cipher: createCipher(key),
    clock: { now: () => clock.at, elapsed: () => clock.at, setTimer: () => ({ cancel: () => {} }) },
    onDeath(error) {
      throw error;
    },
  });
  await fillHistory(store, clock, {
    deliveries: Number(values.deliveries),
    accounts: 50,
    days: 7,
    onProgress: () => {},
  });
  await store.close();
}

function print(what: string, { seconds, perSecond, tookMs, longestGapMs, largestWalBytes }: Stretch): void {
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${count(perSecond)} events/s; a call took ${ms(percentile(tookMs, 0.5))} (median), ` +
      `${ms(percentile(tookMs, 0.99))} (99 %), ${ms(Math.max(...tookMs))} (longest); ` +
      `longest time without an answer ${ms(longestGapMs)}; log ${mib(largestWalBytes)}`,
  );
}

console.log(machine());
const place = temporaryDirectory('backup');
const dataDir = join(place, 'data');
await fill(dataDir);
console.log(`database: ${mib(statSync(join(dataDir, 'hookwire.db')).size)}`);
cpSync(join(dataDir, 'master.key'), join(place, 'key'));
const sink = await startSink();
const gateway = await startGatewayProcess({ HOOKWIRE_DATA_DIR: dataDir });
const file = join(place, 'backup.db');
const round = await backUpUnderLoad({
  gateway,
  endpoint: sink.urls[0] ?? '',
  file,
  rate: Number(values.rate),
  batch: Number(values.batch),
  quietMs: Number(values.seconds) * 1000,
});
print('before', round.before);
print('during', round.during);
const { answer, verdict, refused } = round;
console.log(
  `backup: ${mib(answer.bytes)}; writers locked out for ${ms(answer.longestLockMs)} at most; in it ${count(verdict.later)} events that came meanwhile; integrity: ${verdict.integrity}; refused calls: ${refused}`,
);
await gateway[Symbol.asyncDispose]();
await sink[Symbol.asyncDispose]();

const standby = join(place, 'standby');
const startedAt = performance.now();
const restored = await runCli(['restore', file, '--key', join(place, 'key')], { HOOKWIRE_DATA_DIR: standby });
console.log(`restore: ${((performance.now() - startedAt) / 1000).toFixed(1)} s, exit code ${restored.code}`);
const second = await startGatewayProcess({ HOOKWIRE_DATA_DIR: standby });
const found = await callApi<{ data: object[] }>(second, 'GET', `/v1/events?messageId=${round.lastId}`);
await second[Symbol.asyncDispose]();
removeDirectory(place);

judge([
  atMost('time for which writers were locked out', longestLockMs, answer.longestLockMs, ms),
  atMost('write-ahead log', largestWalBytes, round.during.largestWalBytes, mib),
  atMost('acknowledged events that are not in the backup', 0, verdict.missing, count),
  atMost('calls and events that are torn', 0, verdict.torn, count),
  atMost('calls refused', 0, refused, count),
  atMost('events that the restored gateway does not know', 0, 1 - found.data.length, count),
]);
