import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import pg from 'pg';
import { removeDirectory, temporaryDirectory } from './children.ts';
import {
  type ArrivedItem,
  batchTarget,
  duplicatesIn,
  type KillTarget,
  missingIn,
  nameOf,
  type OutageTarget,
  orderedTarget,
  outageTarget,
  plainTarget,
} from './kill-targets.ts';
import { patienceMs } from './patience.ts';
import { type GatewayProcess, pause, startGatewayProcess } from './processes.ts';
import { callApi, createAccounts } from './setup.ts';

/** What one `kill -9` in the middle of a load did. */
export interface KillRound {
  readonly accepted: number;
  /** Accepted events that never arrived: must be 0. */
  readonly lost: number;
  /** Reports that arrived a second time. */
  readonly duplicates: number;
  /** Reports that had arrived at the moment of the kill, but were not yet recorded as delivered. */
  readonly inFlightAtKill: number;
  readonly killedAfter: number;
  /** Reports that came out of their message's order, or were outdated: must be 0. */
  readonly disorder: number;
  /** `null` where there was none. */
  readonly task: KillTask | null;
}

/** A recover task that was started before the kill. */
export interface KillTask {
  /** Reports that had failed, and that it was to deliver. */
  readonly failed: number;
  /** Those of them that had arrived at the kill. */
  readonly arrivedAtKill: number;
  /** What it says of itself at its end. Its `total` is not what it was asked to do if a crash made it forget some. */
  readonly state: string;
  readonly total: number | null;
  readonly done: number;
}

export interface KillOptions {
  readonly rounds: number;
  readonly events: number;
  readonly batch: number;
  /** Half of the load goes to webhooks with order and with batches, and a recover task is running at the kill. */
  readonly all?: boolean;
  /** A PostgreSQL's, in place of the embedded database. */
  readonly databaseUrl?: string | undefined;
  readonly onRound?: (round: KillRound, number: number) => void;
}

/** A target's account and webhook in the gateway. */
interface Place {
  readonly target: KillTarget;
  readonly accountId: string;
  readonly webhookId: string;
}

/** Reports that fail and are recovered, in a round. */
const outageReports = 400;
/** The kill comes within so long of the start of the task, which takes 600 ms at least at its webhook's rate. */
const taskRunsMs = 600;

/** Hands what arrives to the target that its path names. */
async function startEndpoint(targets: readonly KillTarget[]) {
  const byPath = new Map(targets.map((target) => [`/${target.name}`, target]));
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const target = byPath.get(request.url ?? '');
      const items = [JSON.parse(body) as ArrivedItem | ArrivedItem[]].flat();
      // All items of a request are taken, or none.
      for (const item of items) response.statusCode = target?.take(item) ?? 404;
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
}

/** What a gateway that was killed had sent may still be on its way: its connections end behind that. */
async function untilRead(server: Server): Promise<void> {
  while ((await promisify(server.getConnections.bind(server))()) > 0) await pause(10);
}

/**
 * Kills the gateway with SIGKILL while it takes a load, starts it again on the same data, goes on with the load (calls
 * that got no answer are made again), and waits for everything accepted to arrive. All rounds share one data directory.
 */
export async function killRounds(options: KillOptions): Promise<readonly KillRound[]> {
  const dataDir = temporaryDirectory('kill');
  const outage = options.all ? outageTarget() : null;
  const targets = outage ? [plainTarget(50), orderedTarget(30), batchTarget(20), outage] : [plainTarget()];
  const { server, url } = await startEndpoint(targets);
  const rounds: KillRound[] = [];
  const env = {
    HOOKWIRE_DATA_DIR: dataDir,
    ...(options.databaseUrl !== undefined && { HOOKWIRE_DATABASE_URL: options.databaseUrl }),
  };
  let gateway = await startGatewayProcess(env);
  try {
    const places: Place[] = [];
    for (const target of targets) places.push(await placeFor(gateway, target, url));
    const outagePlace = places.find(({ target }) => target === outage);
    for (let number = 1; number <= options.rounds; number++) {
      const name = `round${number}`;
      const killAfter = Math.round(options.events * (0.2 + 0.6 * Math.random()));
      const before = sum(targets, ({ book }) => duplicatesIn(book));
      const disorderBefore = sum(targets, ({ book }) => book.disorder);
      if (outage && outagePlace) await failAll(gateway, outagePlace, outage, name);
      const arrivedBefore = outage?.book.taken.size ?? 0;
      let taskId: string | null = null;
      let killAt = 0;
      let arrivedAtKill = 0;
      let accepted = 0;
      let killedAfter = 0;
      let inFlightAtKill = 0;
      for (let next = 0; next < options.events; ) {
        const posting = post(gateway, places, name, next, options.batch);
        if (outagePlace && taskId === null && accepted >= killAfter) {
          taskId = await recover(gateway, outagePlace.webhookId);
          killAt = Date.now() + Math.random() * taskRunsMs;
        }
        const isLast = next + options.batch >= options.events;
        if (killedAfter === 0 && accepted >= killAfter && (Date.now() >= killAt || isLast)) {
          killedAfter = accepted;
          const exited = once(gateway.child, 'exit');
          gateway.child.kill('SIGKILL');
          await exited;
          await posting;
          await untilRead(server);
          arrivedAtKill = (outage?.book.taken.size ?? 0) - arrivedBefore;
          inFlightAtKill = 0;
          for (const { target, webhookId } of places)
            inFlightAtKill += target.book.taken.size - (await recordedAsDelivered(env, webhookId));
          gateway = await startGatewayProcess(env);
          continue;
        }
        if (!(await posting)) continue;
        accepted += options.batch;
        next += options.batch;
      }
      await untilArrived(targets);
      const round = {
        accepted,
        lost: sum(targets, ({ book }) => missingIn(book)),
        duplicates: sum(targets, ({ book }) => duplicatesIn(book)) - before,
        inFlightAtKill,
        killedAfter,
        disorder: sum(targets, ({ book }) => book.disorder) - disorderBefore,
        task:
          taskId === null
            ? null
            : { failed: outageReports, arrivedAtKill, ...(await endOf(gateway, taskId)) },
      };
      rounds.push(round);
      options.onRound?.(round, number);
    }
  } finally {
    await gateway[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
    removeDirectory(dataDir);
  }
  return rounds;
}

function sum<T>(of: readonly T[], read: (one: T) => number): number {
  return of.reduce((all, one) => all + read(one), 0);
}

async function placeFor(gateway: GatewayProcess, target: KillTarget, url: string): Promise<Place> {
  const [accountId = ''] = await createAccounts(gateway, [`${url}/${target.name}`], target.settings);
  const { data } = await callApi<{ data: { id: string }[] }>(
    gateway,
    'GET',
    `/v1/webhooks?accountId=${accountId}`,
  );
  return { target, accountId, webhookId: data[0]?.id ?? '' };
}

/** Posts a part of the load, split between the targets. False when there was no answer. */
async function post(
  gateway: GatewayProcess,
  places: readonly Place[],
  round: string,
  from: number,
  count: number,
): Promise<boolean> {
  const parts = places.map((place) => ({
    place,
    from: Math.floor((from * place.target.percent) / 100),
    to: Math.floor(((from + count) * place.target.percent) / 100),
  }));
  return await postReports(gateway, parts, round);
}

async function postReports(
  gateway: GatewayProcess,
  parts: readonly { readonly place: Place; readonly from: number; readonly to: number }[],
  round: string,
): Promise<boolean> {
  const reports = parts.flatMap(({ place, from, to }) =>
    Array.from({ length: to - from }, (_, i) => ({ place, report: place.target.report(round, from + i) })),
  );
  const events = reports.map(({ place, report: { skipped: _, ...report } }) => ({
    ...report,
    accountId: place.accountId,
    product: 'sms',
    reportType: 'dlr',
    errorCode: '000',
    mobileNumber: '919812345678',
  }));
  try {
    const answer = await fetch(`${gateway.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.operatorKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
    const { accepted, duplicates } = (await answer.json()) as { accepted: number; duplicates: number };
    if (answer.status !== 202 || accepted + duplicates !== events.length) return false;
  } catch {
    return false;
  }
  for (const { place, report } of reports) {
    if (!report.skipped) place.target.book.expected.add(nameOf(report.messageId, report.transactionId));
  }
  return true;
}

/** An outage: the endpoint refuses everything until all of it has failed. */
async function failAll(
  gateway: GatewayProcess,
  place: Place,
  outage: OutageTarget,
  round: string,
): Promise<void> {
  outage.isDown = true;
  await postReports(gateway, [{ place, from: 0, to: outageReports }], round);
  const path = `/v1/deliveries?webhookId=${place.webhookId}&state=failed&limit=${outageReports}`;
  while ((await callApi<{ data: object[] }>(gateway, 'GET', path)).data.length < outageReports)
    await pause(50);
  outage.isDown = false;
}

async function recover(gateway: GatewayProcess, webhookId: string): Promise<string> {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const path = `/v1/webhooks/${webhookId}/recover`;
  return (await callApi<{ taskId: string }>(gateway, 'POST', path, { from })).taskId;
}

type TaskAnswer = Pick<KillTask, 'state' | 'total' | 'done'>;

/** The task when it has ended, or when nobody waits for it any more. */
async function endOf(gateway: GatewayProcess, taskId: string): Promise<TaskAnswer> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { state, total, done } = await callApi<TaskAnswer>(gateway, 'GET', `/v1/tasks/${taskId}`);
    const isUnderWay = state === 'collecting' || state === 'running';
    if (!isUnderWay || Date.now() > deadline) return { state, total, done };
    await pause(50);
  }
}

/** Reads the data of a gateway that is not running. */
async function recordedAsDelivered(
  env: { readonly HOOKWIRE_DATA_DIR: string; readonly HOOKWIRE_DATABASE_URL?: string },
  webhookId: string,
): Promise<number> {
  if (env.HOOKWIRE_DATABASE_URL !== undefined) {
    const client = new pg.Client(env.HOOKWIRE_DATABASE_URL);
    await client.connect();
    const { rows } = await client
      .query<{ n: string }>('select count(*) as n from deliveries where webhook = $1 and state = 3', [
        webhookId,
      ])
      .finally(() => client.end());
    return Number(rows[0]?.n ?? 0);
  }
  const db = new DatabaseSync(join(env.HOOKWIRE_DATA_DIR, 'hookwire.db'));
  const row = db
    .prepare('SELECT count(*) AS count FROM deliveries WHERE webhook = ? AND state = 3')
    .get(webhookId);
  db.close();
  return Number(row?.count);
}

/** Waits until everything accepted has arrived, or nothing has arrived for long. */
async function untilArrived(targets: readonly KillTarget[]): Promise<void> {
  const arrived = (): number => sum(targets, ({ book }) => book.taken.size);
  let last = arrived();
  let lastAt = Date.now();
  while (Date.now() - lastAt < patienceMs) {
    if (targets.every(({ book }) => missingIn(book) === 0)) return;
    await pause(20);
    if (arrived() !== last) {
      last = arrived();
      lastAt = Date.now();
    }
  }
}
