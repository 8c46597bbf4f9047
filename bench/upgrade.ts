/**
 * Three gateways of the version before on one PostgreSQL, replaced one after another by this version while events are handed in.
 * docs/benchmarks.md says how to read it.
 *
 *   npm run bench:upgrade -- --from <ref of git, or directory of a built gateway> [--step] [--events 30000] [--rate 1000]
 *
 * `--step`: this version with one step of the schema more, which locks every table of the traffic, for as long as there is no version
 * before that has another schema.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../src/stores/postgres/testing/server.ts';
import { atLeast, atMost, judge } from './harness/bars.ts';
import { createPlaces, startCluster } from './harness/cluster/cluster.ts';
import { startEndpoints } from './harness/cluster/endpoints.ts';
import { allKinds } from './harness/cluster/kinds.ts';
import { upgradeAll } from './harness/cluster/upgrade.ts';
import { thisVersion, versionBefore, versionWithStep } from './harness/cluster/versions.ts';
import { count, ms } from './harness/figures.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    step: { type: 'boolean', default: false },
    events: { type: 'string', default: '30000' },
    rate: { type: 'string', default: '1000' },
    callers: { type: 'string', default: '6' },
    'beside-seconds': { type: 'string', default: '5' },
  },
});
if (!values.from)
  throw new Error(
    'Name the version before: npm run bench:upgrade -- --from <ref, or directory of a built gateway>',
  );
const processes = 3;
/** Of pino: an error. */
const errorLevel = 50;

console.log(machine());
const before = versionBefore(values.from);
const after = values.step ? versionWithStep() : thisVersion();
console.log(`from ${before.name} to ${after.name}`);

/** What was warned of and what failed, by version: how often each. */
const said = { before: new Map<string, number>(), after: new Map<string, number>() };
const errors = { before: 0, after: 0 };
const isNew = Array.from({ length: processes }, () => false);

const server = await startPostgres({ durable: true, settings: { max_wal_size: '1GB' } });
const endpoints = await startEndpoints(allKinds(), processes);
const cluster = await startCluster({
  count: processes,
  endpoints,
  databaseUrlOf: () => server.url('postgres'),
  main: before.main,
  onLog(process, line) {
    const of = isNew[process] ? 'after' : 'before';
    const { level = 0, msg = line, err } = lineOf(line);
    if (level >= errorLevel) errors[of]++;
    const words = [msg, err?.message].filter(Boolean).join(' – ');
    if (words !== '') said[of].set(words, (said[of].get(words) ?? 0) + 1);
  },
});
const start = cluster.start;
try {
  const places = await createPlaces(cluster, endpoints);
  for (let process = 1; process < processes; process++) await cluster.start(process);
  const stepsBefore = await steps();
  console.log(`${processes} processes of the version before are at work`);
  const bench = {
    cluster: {
      ...cluster,
      start(process: number, main?: string) {
        isNew[process] = main === after.main;
        return start(process, main);
      },
    },
    ...{ endpoints, places, databaseUrl: server.url('postgres') },
  };
  const outcome = await upgradeAll(
    bench,
    {
      ...{ events: Number(values.events), rate: Number(values.rate), callers: Number(values.callers) },
      ...{ batch: 100, run: 'upgrade' },
    },
    { before, after, besideMs: Number(values['beside-seconds']) * 1000, tell: (words) => console.log(words) },
  );
  const stepsAfter = await steps();
  const { accepted, lost, duplicates, disorder, crowded, calls, exitCodes, sentBeside, refusal } = outcome;
  const isChanged = stepsAfter > stepsBefore;
  console.log(
    `schema from step ${stepsBefore} to ${stepsAfter}; accepted ${count(accepted)}, lost ${lost}, twice ${duplicates}, out of order ${disorder}, too many at once ${crowded}; exit codes ${exitCodes}; sent by each process while both versions were at work ${sentBeside.map(count)}; slowest call ${ms(outcome.slowestCallMs)}`,
  );
  console.log(
    `one more of the version before, started then: ${refusal ? `exit code ${refusal.code}: ${refusal.words}` : 'is let in'}`,
  );
  for (const [of, all] of Object.entries(said))
    for (const [words, times] of all) console.log(`  ${of}: ${times} × ${words}`);
  judge([
    atMost('calls refused', 0, calls.refused, count),
    atMost('calls without an answer', 0, calls.unanswered, count),
    atMost('odd answers', 0, calls.odd.length, count),
    atMost('lost', 0, lost, count),
    atMost('twice', 0, duplicates, count),
    atMost('out of order', 0, disorder, count),
    atMost('more at once than a webhook may have', 0, crowded, count),
    atMost('errors in the log of the version before', 0, errors.before, count),
    atMost('errors in the log of this version', 0, errors.after, count),
    atLeast(
      'sent by the process that sent least, while both were at work',
      1,
      Math.min(...sentBeside),
      count,
    ),
    atMost(
      'processes that ended with another code than 0',
      0,
      exitCodes.filter((c) => c !== 0).length,
      count,
    ),
    atMost(
      'an old one that starts beside a newer schema, and is not told so',
      0,
      isChanged && !(refusal?.code === 6 && /newer Hookwire/.test(refusal.words)) ? 1 : 0,
      count,
    ),
  ]);
} finally {
  await cluster[Symbol.asyncDispose]();
  await endpoints[Symbol.asyncDispose]();
  await server.remove();
}

async function steps(): Promise<number> {
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  const { rows } = await client
    .query<{ steps: number }>('select count(*)::integer as steps from schema_migrations')
    .finally(() => client.end());
  return rows[0]?.steps ?? 0;
}

function lineOf(line: string): {
  readonly level?: number;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
} {
  try {
    return JSON.parse(line) as object;
  } catch {
    return {};
  }
}
