/**
 * Runs another benchmark with the gateways' data in a PostgreSQL of its own, as durable as in production, and prints what an
 * event left there: bytes of the write-ahead log, rows, dead rows, sizes. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:on-postgres -- throughput [its own arguments]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { startPostgres } from '../src/stores/postgres/testing/server.ts';
import { count } from './harness/figures.ts';
import { endedSeconds, treeUsage } from './harness/tree-usage.ts';

const [name, ...args] = process.argv.slice(2);
if (!name) throw new Error('Name a benchmark: npm run bench:on-postgres -- throughput');

const server = await startPostgres({
  durable: true,
  settings: {
    // As docs/guides/capacity.md has it.
    shared_buffers: '1GB',
    wal_compression: 'on',
    max_wal_size: '16GB',
    checkpoint_timeout: '30min',
  },
});
const client = new pg.Client(server.url('postgres'));
await client.connect();

async function ask<Row extends object>(sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

async function cpuSeconds(): Promise<number> {
  return (await treeUsage(server.pid)).cpuSeconds + (await endedSeconds(server.pid));
}

try {
  const [version] = await ask<{ server_version: string }>('show server_version');
  console.log(`PostgreSQL ${version?.server_version}, synchronous commits, on ${server.directory}`);
  const [before] = await ask<{ lsn: string }>('select pg_current_wal_lsn() as lsn');
  const cpuBefore = await cpuSeconds();
  const child = spawn(process.execPath, [`bench/${name}.ts`, ...args], {
    stdio: 'inherit',
    env: { ...process.env, HOOKWIRE_DATABASE_URL: server.url('postgres') },
  });
  const [code] = await once(child, 'exit');
  const [wal] = await ask<{ bytes: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '${before?.lsn}') as bytes`,
  );
  const cpu = (await cpuSeconds()) - cpuBefore;
  const tables = await ask<{ name: string; rows: string; dead: string; bytes: string }>(
    `select coalesce(parent.relname, t.relname) as name, sum(t.n_tup_ins) as rows, sum(t.n_dead_tup) as dead,
       sum(pg_total_relation_size(t.relid)) as bytes
     from pg_stat_user_tables t left join pg_inherits i on i.inhrelid = t.relid left join pg_class parent on parent.oid = i.inhparent
     group by 1 having sum(t.n_tup_ins) > 0 order by 4 desc limit 8`,
  );
  const events = Number(tables.find((table) => table.name === 'events')?.rows ?? 0);
  console.log(
    `\n${count(events)} events; write-ahead log ${(Number(wal?.bytes) / events).toFixed(0)} bytes an event; PostgreSQL ${((cpu / events) * 1e6).toFixed(0)} µs of CPU an event, all that it does by itself included`,
  );
  for (const { name: table, rows, dead, bytes } of tables) {
    console.log(
      `${table.padEnd(20)}${count(Number(rows)).padStart(12)} rows written, ${count(Number(dead)).padStart(8)} dead, ${(Number(bytes) / 1e6).toFixed(1).padStart(8)} MB`,
    );
  }
  process.exitCode = Number(code ?? 1);
} finally {
  await client.end();
  await server.remove();
}
