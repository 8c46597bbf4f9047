import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { attemptOf, delivered, newEvent, unique } from '../../conformance/samples.ts';
import { migrate } from '../migrations/migrate.ts';
import { openLog } from '../testing/log-places.ts';
import { type PostgresServer, startPostgres } from '../testing/server.ts';

type OpenLog = Awaited<ReturnType<typeof openLog>>['log'];

let server: PostgresServer;
let log: OpenLog;
const url = (): string => server.url('outage');

async function ask<Row = { n: number }>(
  sql: string,
  values: unknown[] = [],
  database = 'outage',
): Promise<Row[]> {
  const client = new pg.Client(server.url(database));
  await client.connect();
  return client
    .query(sql, values)
    .then(
      ({ rows }) => rows as Row[],
      (error) => {
        throw error;
      },
    )
    .finally(() => client.end());
}

beforeAll(async () => {
  server = await startPostgres({ durable: true });
  await ask('create database outage', [], 'postgres');
  const client = new pg.Client(url());
  await client.connect();
  await migrate(client).finally(() => client.end());
});
afterAll(() => server.remove());
beforeEach(async () => {
  ({ log } = await openLog({ url: url(), clock: systemClock }));
});
afterEach(() => log.close());

/** Resolves when what is recorded and appended reaches the database again. */
const worksAgain = (): Promise<void> =>
  new Promise((resolve) => log.onHealth(({ problem }) => problem === null && resolve()));

/** Accounts that hand in events one after another, of which each delivery is recorded, until they are told to stop. */
function traffic(count: number) {
  const accounts = Array.from({ length: count }, () => unique('acc'));
  const webhooks = new Set(accounts.map(webhookOf));
  const acknowledged = new Set<string>();
  const refused = new Set<string>();
  const onDisk: string[] = [];
  let recording = 0;
  let stopped = false;
  log.onAccepted((deliveries: readonly QueuedDelivery[]) => {
    for (const delivery of deliveries) {
      if (!webhooks.has(delivery.webhookId)) continue;
      recording++;
      log.record(attemptOf(delivery, delivered), () => onDisk.push(delivery.id));
    }
  });
  async function callAs(accountId: string): Promise<void> {
    while (!stopped) {
      const id = unique('own');
      const event = newEvent([webhookOf(accountId)], { accountId }, id);
      // Sent again until it is taken, as callers do.
      for (let taken = false; !taken && !stopped; ) {
        taken = await log.append([event]).then(
          () => true,
          () => false,
        );
        (taken ? acknowledged : refused).add(id);
      }
    }
  }
  const calls = accounts.map(callAs);
  return {
    accounts,
    acknowledged,
    refused,
    onDisk,
    get recording() {
      return recording;
    },
    async stop() {
      stopped = true;
      await Promise.all(calls);
    },
  };
}

const webhookOf = (accountId: string): string => `wh_${accountId}`;

describe('a database that goes away under load', () => {
  it.each([
    [
      'crashes and comes back',
      async () => {
        await server.stop('immediate');
        await server.start();
      },
    ],
    [
      'is stopped and started',
      async () => {
        await server.stop('fast');
        await server.start();
      },
    ],
    [
      'cuts all connections',
      async () => {
        await ask(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
          ['outage'],
          'postgres',
        );
      },
    ],
  ])('loses nothing that was acknowledged and records all once when it %s', async (_, happen) => {
    const going = traffic(8);
    await expect.poll(() => going.onDisk.length).toBeGreaterThan(50);
    await happen();
    const before = going.onDisk.length;
    await expect.poll(() => going.onDisk.length).toBeGreaterThan(before + 50);
    await going.stop();
    // What was refused may be stored, and is sent then.
    await expect.poll(() => going.onDisk.length).toBe(going.recording);
    const stored = await ask<{ own_id: string; state: number }>(
      'select e.own_id, d.state from deliveries d join events e on e.account = d.account and e.seq = d.event where d.account = any($1)',
      [going.accounts],
    );
    const ids = stored.map(({ own_id }) => own_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...going.acknowledged].filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids.filter((id) => !going.acknowledged.has(id) && !going.refused.has(id))).toEqual([]);
    expect(stored.every(({ state }) => state === 3)).toBe(true);
    expect(new Set(going.onDisk).size).toBe(going.onDisk.length);
    expect(
      await ask('select count(*)::int as n from waiting where account = any($1)', [going.accounts]),
    ).toEqual([{ n: 0 }]);
  });
});

describe('the health of the log', () => {
  it('says that the database is not there, and that it is again', async () => {
    await server.stop('fast');
    await expect(log.append([newEvent([])])).rejects.toThrow(
      /PostgreSQL is not there \(ECONNREFUSED\)|cut|shut down/,
    );
    expect(log.health).toMatchObject({
      problem: expect.stringContaining('PostgreSQL'),
      failures: expect.any(Number),
    });
    const again = worksAgain();
    await server.start();
    await again;
    expect(log.health.problem).toBeNull();
    expect(await log.append([newEvent([])])).toMatchObject([{ result: 'accepted' }]);
  });

  it('says that it is a standby now, and goes to the one that takes writes when there is one', async () => {
    await ask('alter database outage set default_transaction_read_only = on', [], 'postgres');
    await log.close();
    ({ log } = await openLog({ url: url(), clock: systemClock }));
    await expect(log.append([newEvent([])])).rejects.toThrow(
      'PostgreSQL is a standby and takes no writes (25006)',
    );
    await ask('alter database outage set default_transaction_read_only = off', [], 'postgres');
    expect(await log.append([newEvent([])])).toMatchObject([{ result: 'accepted' }]);
  });

  it('says that the disk is full, and refuses nothing for ever', async () => {
    await ask(`create function no_room() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
    await ask(
      'create trigger no_room before insert on event_identities for each row execute function no_room()',
    );
    await expect(log.append([newEvent([])])).rejects.toThrow('The disk of PostgreSQL is full (53100)');
    expect(log.health.problem).toContain('No space left on device');
    await ask('drop trigger no_room on event_identities');
    expect(await log.append([newEvent([])])).toMatchObject([{ result: 'accepted' }]);
    expect(log.health.problem).toBeNull();
  });
});
