/**
 * How long `hookwire move` takes there and back, and how much memory. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:move -- [--events 200000] [--days 14]
 */
import { parseArgs } from 'node:util';
import { layOut } from '../src/stores/postgres/lay-out.ts';
import { createPool } from '../src/stores/postgres/pool.ts';
import { fill } from '../src/stores/postgres/testing/fill.ts';
import { startPostgres } from '../src/stores/postgres/testing/server.ts';
import { type MoveProgress, moveStores, type NamedStore } from '../src/wiring/move-stores.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import { count } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: { events: { type: 'string', default: '200000' }, days: { type: 'string', default: '14' } },
});
const events = Number(values.events);
const masterKey = 'the master key of both stores';

console.log(machine());
const server = await startPostgres({ durable: true });
const root = temporaryDirectory('move');
try {
  const first = server.url('postgres');
  const pool = createPool({ url: first, most: 2 });
  await layOut(pool, first);
  const numberKey = new Uint8Array(32);
  await fill(pool, {
    ...{ numberKey, now: Date.now(), days: Number(values.days), events, waiting: Math.floor(events / 20) },
    ...{ accounts: 20, webhooksOfEach: 10 },
  });
  await pool.query('create database again');
  await pool.end();
  const directory: NamedStore = { kind: 'sqlite', dataDir: `${root}/data` };
  await measure('PostgreSQL to the embedded database', { kind: 'postgres', url: first }, directory);
  await measure('the embedded database to PostgreSQL', directory, {
    kind: 'postgres',
    url: server.url('again'),
  });
} finally {
  removeDirectory(root);
  await server.remove();
}

async function measure(what: string, from: NamedStore, to: NamedStore): Promise<void> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  let moved = began;
  let most = 0;
  await moveStores({
    ...{ from, to, masterKey, previousMasterKeys: [], signal: new AbortController().signal, warn: () => {} },
    onProgress({ doing }: MoveProgress) {
      most = Math.max(most, process.memoryUsage.rss());
      if (doing === 'move') moved = performance.now();
    },
  });
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const perSecond = (ms: number): string => `${count(Math.round((events / ms) * 1000))} events/s`;
  const compared = performance.now() - moved;
  console.log(
    `${what}: moved in ${seconds(moved - began)} (${perSecond(moved - began)}), compared in ${seconds(compared)} ` +
      `(${perSecond(compared)}), CPU of Node.js ${seconds((user + system) / 1000)}, memory ${count(Math.round(most / 2 ** 20))} MiB at most`,
  );
}
