import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { removeDirectory, temporaryDirectory } from './children.ts';
import { type GatewayProcess, startGatewayProcess } from './processes.ts';
import { createAccounts } from './setup.ts';

/** What one `kill -9` in the middle of a load did. */
export interface KillRound {
  readonly accepted: number;
  /** Accepted events that never arrived: must be 0. */
  readonly lost: number;
  /** Requests that arrived a second time. */
  readonly duplicates: number;
  /** Deliveries that had arrived at the moment of the kill, but were not yet recorded as delivered. */
  readonly inFlightAtKill: number;
  readonly killedAfter: number;
}

export interface KillOptions {
  readonly rounds: number;
  readonly events: number;
  readonly batch: number;
  readonly onRound?: (round: KillRound, number: number) => void;
}

/** Counts what arrives, by `webhook-id` and by message. */
async function startCounter() {
  const arrivals = new Map<string, number>();
  const messages = new Set<string>();
  const server = createServer((request, response) => {
    const id = String(request.headers['webhook-id']);
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
      messages.add((JSON.parse(body) as { msg_id: string }).msg_id);
      response.end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, arrivals, messages, port: typeof address === 'object' && address ? address.port : 0 };
}

/**
 * Kills the gateway with SIGKILL while it takes a load, starts it again on the same data, goes on with the load (calls
 * that got no answer are made again), and waits for everything accepted to arrive. All rounds share one data directory.
 */
export async function killRounds(options: KillOptions): Promise<readonly KillRound[]> {
  const dataDir = temporaryDirectory('kill');
  const counter = await startCounter();
  const rounds: KillRound[] = [];
  let gateway = await startGatewayProcess({ HOOKWIRE_DATA_DIR: dataDir });
  try {
    const [accountId = ''] = await createAccounts(gateway, [`http://127.0.0.1:${counter.port}/dlr`]);
    for (let number = 1; number <= options.rounds; number++) {
      const prefix = `round${number}`;
      const killAfter = Math.round(options.events * (0.2 + 0.6 * Math.random()));
      const accepted = new Set<string>();
      const before = duplicatesIn(counter.arrivals);
      let killed = false;
      let killedAfter = 0;
      let inFlightAtKill = 0;
      for (let next = 0; next < options.events; ) {
        const ids = Array.from({ length: options.batch }, (_, i) => `${prefix}-${next + i}`);
        const posting = post(gateway, accountId, ids);
        if (!killed && accepted.size >= killAfter) {
          killed = true;
          killedAfter = accepted.size;
          const exited = once(gateway.child, 'exit');
          gateway.child.kill('SIGKILL');
          await exited;
          await posting;
          inFlightAtKill = counter.arrivals.size - recordedAsDelivered(dataDir);
          gateway = await startGatewayProcess({ HOOKWIRE_DATA_DIR: dataDir });
          continue;
        }
        if (!(await posting)) continue;
        for (const id of ids) accepted.add(id);
        next += options.batch;
      }
      await untilArrived(accepted, counter.messages);
      const lost = [...accepted].filter((id) => !counter.messages.has(id)).length;
      const duplicates = duplicatesIn(counter.arrivals) - before;
      const round = { accepted: accepted.size, lost, duplicates, inFlightAtKill, killedAfter };
      rounds.push(round);
      options.onRound?.(round, number);
    }
  } finally {
    await gateway[Symbol.asyncDispose]();
    counter.server.closeAllConnections();
    counter.server.close();
    removeDirectory(dataDir);
  }
  return rounds;
}

/** Posts events with ids of our own, so that a call made again is not a second event. False when there was no answer. */
async function post(gateway: GatewayProcess, accountId: string, ids: readonly string[]): Promise<boolean> {
  const events = ids.map((id) => ({
    id,
    accountId,
    product: 'sms',
    reportType: 'dlr',
    messageId: id,
    transactionId: 't',
    status: 'delivered',
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
    return answer.status === 202 && accepted + duplicates === ids.length;
  } catch {
    return false;
  }
}

function duplicatesIn(arrivals: ReadonlyMap<string, number>): number {
  let duplicates = 0;
  for (const times of arrivals.values()) duplicates += times - 1;
  return duplicates;
}

/** Reads the data of a gateway that is not running. */
function recordedAsDelivered(dataDir: string): number {
  const db = new DatabaseSync(join(dataDir, 'hookwire.db'));
  const row = db.prepare('SELECT count(*) AS count FROM deliveries WHERE state = 3').get();
  db.close();
  return Number(row?.count);
}

/** Waits until every accepted message has arrived, or nothing has arrived for 5 s. */
async function untilArrived(accepted: ReadonlySet<string>, messages: ReadonlySet<string>): Promise<void> {
  let last = messages.size;
  let lastAt = Date.now();
  while (Date.now() - lastAt < 5_000) {
    if ([...accepted].every((id) => messages.has(id))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (messages.size !== last) {
      last = messages.size;
      lastAt = Date.now();
    }
  }
}
