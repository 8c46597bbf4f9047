/**
 * The search index alone, filled by a played clock: what an event costs, what look-ups cost (in CPU: the file is in memory
 * mostly), how long it holds the write lock, how large it is. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:search-index -- [--deliveries 10000000] [--a-day 1000000] [--keep 0] [--restarts 0]
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { sequenceAt } from '../src/core/ids.ts';
import { numberSearch } from '../src/core/number-search.ts';
import { createNumberTerms } from '../src/stores/search/number-terms.ts';
import { identityTerm, searchTerm } from '../src/stores/search/terms.ts';
import { migrate } from '../src/stores/sqlite/migrations/migrate.ts';
import { configure } from '../src/stores/sqlite/pragmas.ts';
import { findByRanges, findByTerm } from '../src/stores/sqlite/search/find.ts';
import type { Found } from '../src/stores/sqlite/search/found.ts';
import { createIndexKeeper } from '../src/stores/sqlite/search/keeper/keeper.ts';
import { ownIdTerm } from '../src/stores/sqlite/search/own-id-terms.ts';
import { runKinds } from '../src/stores/sqlite/search/runs/tables.ts';
import { createEventIndex } from '../src/stores/sqlite/writer/event-index.ts';
import { atMost, judge } from './harness/bars.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import { count, median, ms } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '10000000' },
    'a-day': { type: 'string', default: '1000000' },
    keep: { type: 'string', default: '0' },
    restarts: { type: 'string', default: '0' },
  },
});
const events = Number(values.deliveries);
const aDay = Number(values['a-day']);
const keepDays = Number(values.keep);
const restarts = Number(values.restarts);
const eventsACommit = 200;
const dayMs = 86_400_000;
const began = Date.UTC(2026, 0, 1);

console.log(machine());
const directory = temporaryDirectory('search-index');
const file = join(directory, 'hookwire.db');
const db = new DatabaseSync(file);
// As the keeper has it: waiting for the disk is measured by nobody here.
configure(db, 'keeper');
db.exec('pragma cache_size = -65536');
migrate(db);
const numbers = createNumberTerms(new Uint8Array(32).fill(7));
let index = createEventIndex(db);
const held: Times = { clock: [], cpu: [] };
const keeper = createIndexKeeper(db, { run: (write) => timed(held, write) });

/** How long something took each time, ms. */
interface Times {
  readonly clock: number[];
  /** This thread's own: the clock goes on while others of the machine have the core. */
  readonly cpu: number[];
}

function timed<T>({ clock, cpu }: Times, work: () => T): T {
  const before = process.threadCpuUsage();
  const at = performance.now();
  const result = work();
  clock.push(performance.now() - at);
  const { user, system } = process.threadCpuUsage(before);
  cpu.push((user + system) / 1000);
  return result;
}

let state = 2;
/** The same numbers in every run (mulberry32). */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function seqOf(n: number): number {
  return sequenceAt(began + Math.floor((n / aDay) * dayMs)) + (n % 100) * 40;
}

function numberOf(): string {
  return `9198${String(Math.floor(random() * 5_000_000)).padStart(8, '0')}`;
}

function accountOf(): number {
  return random() < 0.5 ? 0 : Math.floor(random() * 50);
}

/** Half of the events have an id of their caller's; each is looked for first, as a commit does. */
function note(n: number): void {
  const seq = seqOf(n);
  const account = `acc_${accountOf()}`;
  const kind = n % 2 === 0 ? runKinds.report : runKinds.ownId;
  const identity =
    kind === runKinds.report
      ? identityTerm(
          `report\u0000${account}\u0000sms\u0000dlr\u0000\u0000sms-${n}\u0000\u0000919812345678\u0000DELIVRD`,
        )
      : ownIdTerm(account, `own-${n}`);
  if (index.findRecent(kind, identity).length + index.findOlder(kind, identity).length > 0) duplicates++;
  index.add(kind, identity, seq, [
    ...[
      searchTerm('message', `sms-${n}`),
      seq,
      searchTerm('transaction', `txn-${Math.floor(n / 1000)}`),
      seq,
    ],
    ...[numbers.of(numberOf()), seq, searchTerm('account', account), seq],
    ...[searchTerm('webhook', `wh_${account}`), seq + 1],
  ]);
}

let duplicates = 0;
/** Asking what was used takes 0.1 ms: of the keeper's part it is asked beside each so many commits. */
const askedEvery = 20;
let keeperCpu = 0;
const commits: Times = { clock: [], cpu: [] };

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** As the desk does beside the writer (`desk/checkpoints.ts`): else each 64 MiB a commit copies all of them. */
const checkpoint = db.prepare('pragma wal_checkpoint(passive)');
const commitsACheckpoint = 20;

/** Of the writer, at which its memory is made anew. */
const commitsAStart = Math.ceil(events / eventsACommit / (restarts + 1));

const begunAt = cpu();
for (let n = 0; n < events; n += eventsACommit) {
  if (n > 0 && (n / eventsACommit) % commitsAStart === 0) index = createEventIndex(db);
  timed(commits, () => {
    db.exec('BEGIN IMMEDIATE');
    index.begin();
    for (let i = n; i < Math.min(events, n + eventsACommit); i++) note(i);
    index.write();
    db.exec('COMMIT');
    index.commit();
  });
  if (commits.cpu.length % commitsACheckpoint === 0) checkpoint.get();
  const isAsked = commits.cpu.length % askedEvery === 0;
  const between = isAsked ? cpu() : 0;
  for (let piece = 0; piece < 3 && keeper.step(); piece++);
  if (isAsked) keeperCpu += (cpu() - between) * askedEvery;
  if (keepDays > 0 && n % aDay === 0) keeper.dropUpTo(seqOf(n - keepDays * aDay));
  if (n % (events / 10) === 0) {
    console.log(
      `  ${count(n)} events, ${(statSync(file).size / 1e6).toFixed(0)} MB, ${n === 0 ? '' : `${((cpu() - begunAt) / n).toFixed(1)} µs`}`,
    );
  }
}
const settling = cpu();
while (keeper.step());
keeperCpu += cpu() - settling;
const allCpu = cpu() - begunAt;
db.exec('pragma wal_checkpoint(truncate)');

const runs = db
  .prepare(
    'SELECT kind, level, count(*) AS runs, sum(pairs) AS pairs FROM index_runs WHERE state = 1 GROUP BY 1, 2',
  )
  .all();
for (const row of runs)
  console.log(`  kind ${row.kind}, level ${row.level}: ${row.runs} runs, ${count(Number(row.pairs))} pairs`);
console.log(
  `${count(events)} events in ${(events / aDay).toFixed(0)} days, ${duplicates} taken for duplicates at first`,
);
console.log(
  `writer ${((allCpu - keeperCpu) / events).toFixed(2)} µs an event, keeper ${(keeperCpu / events).toFixed(2)} µs, ${(statSync(file).size / events).toFixed(1)} bytes`,
);

const longestOf = (times: readonly number[]): number => times.reduce((a, b) => Math.max(a, b), 0);
const atShare = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0;
console.log(
  `the keeper's turns at the lock: ${count(held.cpu.length)}, CPU 99 % ${ms(atShare(held.cpu, 0.99))}, longest ${ms(longestOf(held.cpu))}, by the clock ${ms(longestOf(held.clock))}; commits of ${eventsACommit}: CPU 99.9 % ${ms(atShare(commits.cpu, 0.999))}, longest ${ms(longestOf(commits.cpu))}, by the clock ${ms(longestOf(commits.clock))}`,
);

db.close();
const reader = new DatabaseSync(file, { readOnly: true });
configure(reader, 'reader');
const span = { from: 0, before: Number.MAX_SAFE_INTEGER };

function firstPage(found: Found): number {
  let rows = 0;
  for (const seq of found) if (seq !== null && ++rows === 50) break;
  return rows;
}

let slowest = 0;
function ask(what: string, find: (i: number) => Found): void {
  const times: number[] = [];
  let rows = 0;
  for (let i = 0; i < 40; i++) {
    const at = cpu();
    rows = firstPage(find(i));
    times.push((cpu() - at) / 1000);
  }
  slowest = Math.max(slowest, longestOf(times));
  console.log(
    `${what.padEnd(34)}${String(rows).padStart(4)} rows${ms(median(times)).padStart(12)}${ms(longestOf(times)).padStart(12)} longest`,
  );
}

const someEvent = (i: number): number => Math.floor((events / 40) * i);
ask('message id', (i) => findByTerm(reader, searchTerm('message', `sms-${someEvent(i)}`), span));
ask('message id, unknown', (i) => findByTerm(reader, searchTerm('message', `unknown ${i}`), span));
ask('transaction id (1,000 events)', (i) =>
  findByTerm(reader, searchTerm('transaction', `txn-${Math.floor(someEvent(i) / 1000)}`), span),
);
ask('number', () => findByTerm(reader, numbers.of(numberOf()), span));
ask('number, unknown', (i) => findByTerm(reader, numbers.of(`4917612345${i + 100}`), span));
ask('number, its last 4 digits', () =>
  findByRanges(reader, numbers.ranges(numberSearch(numberOf().slice(-4))), span),
);
ask('number, its last 8 digits', () =>
  findByRanges(reader, numbers.ranges(numberSearch(numberOf().slice(-8))), span),
);
ask('one webhook', (i) => findByTerm(reader, searchTerm('webhook', `wh_acc_${i}`), span));
ask('one account, half-way back', (i) =>
  findByTerm(reader, searchTerm('account', `acc_${i}`), { from: 0, before: seqOf(events / 2) }),
);
ask('an account that has nothing', (i) => findByTerm(reader, searchTerm('account', `nobody ${i}`), span));
reader.close();
removeDirectory(directory);
console.log();
judge([
  atMost('CPU of an event, in all', 15, allCpu / events, (us) => `${us.toFixed(1)} µs`),
  atMost('any first page, longest', events > 10_000_000 ? 100 : 20, slowest, ms),
  atMost("the keeper's longest turn at the write lock, CPU", 40, longestOf(held.cpu), ms),
  atMost('the longest commit, CPU', 40, longestOf(commits.cpu), ms),
]);
