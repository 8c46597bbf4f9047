import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { parseSequenceId } from '../../../core/ids.ts';
import { createLeasedShards, type LeasedShards } from '../../../core/owned-shards.ts';
import { shardOf } from '../../../core/shards.ts';
import { eventually } from '../../../testing/eventually.ts';
import { attemptOf, delivered, idsOf, newEvent, unique } from '../../conformance/samples.ts';
import { type DeliveryLog, nothingHeld } from '../../ports/delivery-log.ts';
import { createPool } from '../pool.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { openLog } from '../testing/log-places.ts';
import type { Arrived } from './arrived.ts';
import { loadArrived } from './loads.ts';

/** A process with its part of the webhooks, that hears what the other one announces. */
interface Process {
  readonly shards: LeasedShards;
  log: DeliveryLog;
  hear(news: Arrived): void;
  numbered(): number;
  readonly accepted: string[];
  readonly arrived: string[];
  readonly more: string[];
}

describe('two processes that share the webhooks of one database', () => {
  const databases = createTestDatabases();
  let url: string;
  let client: pg.Client;
  let one: Process;
  let other: Process;

  beforeAll(async () => {
    url = await databases.laidOut('leased');
    client = new pg.Client(url);
    await client.connect();
  });
  beforeEach(async () => {
    one = await open(1, (news) => other.hear(news));
    other = await open(2, (news) => one.hear(news));
  });
  afterEach(async () => {
    await Promise.all([one.log.close(), other.log.close()]);
  });
  afterAll(async () => {
    await client.end();
    await databases.remove();
  });

  async function open(node: number, announce: (news: Arrived) => void): Promise<Process> {
    const shards = createLeasedShards();
    const [accepted, arrived, more]: string[][] = [[], [], []];
    const { log, events } = await openLog({
      ...{ url, clock: systemClock, node, shards },
      sharing: { owns: shards.owns, announce },
    });
    log.onAccepted((deliveries) => void accepted?.push(...idsOf(deliveries)));
    log.onArrived((deliveries) => void arrived?.push(...idsOf(deliveries)));
    log.onMore((webhookId) => void more?.push(webhookId));
    return {
      ...{ shards, log, accepted: accepted ?? [], arrived: arrived ?? [], more: more ?? [] },
      hear: events.arrived,
      numbered: () => events.numbered,
    };
  }

  /** As by a lease: the epoch is in the database too. */
  async function take(process: Process, webhookId: string): Promise<void> {
    const shard = shardOf(webhookId);
    const { rows } = await client.query<{ epoch: string }>(
      'update shard_leases set epoch = epoch + 1 where shard = $1 returning epoch',
      [shard],
    );
    process.shards.take([{ shard, epoch: Number(rows[0]?.epoch), above: process.numbered() }]);
  }

  const append = (process: Process, webhookId: string, count: number, accountId: string) =>
    process.log.append(Array.from({ length: count }, () => newEvent([webhookId], { accountId })));

  const record = (process: Process, delivery: QueuedDelivery) =>
    new Promise<'on disk' | 'lost'>((resolve) => {
      process.log.record(
        attemptOf(delivery, delivered),
        () => resolve('on disk'),
        () => resolve('lost'),
      );
    });

  const waiting = async (webhookId: string): Promise<number> => {
    const { rows } = await client.query('select count(*)::int as n from waiting where webhook = $1', [
      webhookId,
    ]);
    return (rows[0] as { n: number }).n;
  };

  it('tell the owner what the other accepts, and nobody else sees it', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    await take(one, webhookId);
    await append(one, webhookId, 3, accountId);
    await append(other, webhookId, 4, accountId);
    await eventually(
      () => [one.accepted.length, one.arrived.length],
      ([accepted, arrived]) => accepted === 3 && arrived === 4,
    );
    expect([other.accepted, other.arrived]).toEqual([[], []]);
    expect(await one.log.loadPending(webhookId, nothingHeld, 10)).toHaveLength(7);
  });

  it('tell of one that has arrived before they tell that it is recorded, however much they have to tell of', async () => {
    const [accountId, webhookId, busyId] = [unique('acc'), unique('wh'), unique('wh')];
    await take(one, webhookId);
    await take(one, busyId);
    await append(other, webhookId, 1, accountId);
    const [delivery] = await one.log.loadPending(webhookId, nothingHeld, 10);
    if (!delivery) throw new Error('nothing waits');
    await eventually(
      () => one.arrived,
      (arrived) => arrived.length === 1,
    );
    const told: string[] = [];
    const recorded = Promise.withResolvers<void>();
    const again = (): void => {
      // It is loaded, and told of once more: both look at the database before it is recorded.
      one.hear([[accountId, webhookId, [parseSequenceId('dlv', delivery.id) ?? 0]]]);
      void record(one, delivery).then(() => {
        told.push('recorded');
        recorded.resolve();
      });
    };
    let slices = 0;
    one.log.onArrived(() => void told.push('arrived'));
    one.log.onAccepted(() => {
      if (slices++ === 0) again();
      // Longer than a slice.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    });
    await append(one, busyId, 1_400, accountId);
    await recorded.promise;
    // Behind all that there is to tell of.
    expect(await one.log.loadPending(webhookId, nothingHeld, 10)).toEqual([]);
    expect(told).toEqual(['arrived', 'recorded']);
  });

  it('have very many of one webhook loaded rather than told one by one', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    await take(one, webhookId);
    await append(other, webhookId, 1_400, accountId);
    await eventually(
      () => one.more,
      (more) => more.includes(webhookId),
    );
  });

  it('have loaded what comes besides those that can wait to be read', async () => {
    const [accountId, few, many] = [unique('acc'), unique('wh'), unique('wh')];
    await take(one, few);
    await take(one, many);
    await append(other, few, 5, accountId);
    one.hear(
      Array.from({ length: 60 }, (_, i) => [
        accountId,
        many,
        Array.from({ length: 500 }, (_, n) => i * 500 + n),
      ]),
    );
    await eventually(
      () => one.more,
      (more) => more.includes(many),
    );
    await append(other, few, 1, accountId);
    await eventually(
      () => one.arrived,
      ({ length }) => length === 6,
    );
  });

  it('read what is large a part at a time, and all of it', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    await take(one, webhookId);
    const message = { text: 'x'.repeat(200_000) };
    await other.log.append(Array.from({ length: 9 }, () => newEvent([webhookId], { accountId, message })));
    const { rows } = await client.query<{ seq: string }>(
      'select seq from waiting where webhook = $1 order by seq',
      [webhookId],
    );
    const asked = rows.map(({ seq }) => ({ account: accountId, webhook: webhookId, seq: Number(seq) }));
    const pool = createPool({ url, most: 1 });
    const connection = await pool.connect();
    const first = await loadArrived(connection, asked, 500_000);
    expect([first.rows.length, first.left]).toEqual([3, asked.slice(3)]);
    const second = await loadArrived(connection, first.left, 1);
    expect([second.rows.length, second.left]).toEqual([1, asked.slice(4)]);
    connection.release();
    await pool.end();
    await eventually(
      () => one.arrived,
      ({ length }) => length === 9,
    );
    expect(new Set(one.arrived).size).toBe(9);
  });

  it('hear of everything for a webhook that was let go of while a load for it failed', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    await take(one, webhookId);
    await append(one, webhookId, 2, accountId);
    await eventually(
      () => one.accepted,
      ({ length }) => length === 2,
    );
    one.log.leave(webhookId);
    const locker = new pg.Client(url);
    await locker.connect();
    await locker.query('begin; lock table waiting in access exclusive mode');
    const load = one.log.loadPending(webhookId, nothingHeld, 10).catch(() => 'failed');
    const waiter = await eventually(
      async () => {
        const { rows } = await client.query<{ pid: number }>(
          `select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        return rows[0]?.pid;
      },
      (pid) => pid !== undefined,
    ).finally(() => one.log.heedAgain(webhookId));
    await client.query('select pg_terminate_backend($1)', [waiter]);
    expect(await load).toBe('failed');
    await locker.end();
    // Its shard has come back: the lane asks what it lacks, and is told of the rest.
    expect(await one.log.loadPending(webhookId, nothingHeld, 10)).toHaveLength(2);
    await append(one, webhookId, 1, accountId);
    await eventually(
      () => one.accepted,
      ({ length }) => length === 3,
    );
  });

  it('load all that memory does not hold, whichever of them has accepted it and whenever that became visible', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    await take(one, webhookId);
    const first = new pg.Client(url);
    await first.connect();
    await append(one, webhookId, 2, accountId);
    // One that the other has a number for, and whose commit takes long.
    await append(other, webhookId, 1, accountId);
    await append(one, webhookId, 2, accountId);
    await first.query('begin');
    const { rows: late } = await first.query<{ seq: string }>(
      `with w as (delete from waiting where webhook = $1 and seq % 32 = 2 returning *) select seq from w`,
      [webhookId],
    );
    await first.query('commit');
    const held = await one.log.loadPending(webhookId, nothingHeld, 10);
    expect(held).toHaveLength(4);
    await first.query(
      `insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due, size)
       select $1, $2, $3::bigint, $3::bigint - 32, 1, 0, 0, 0, 0, 10`,
      [accountId, webhookId, late[0]?.seq],
    );
    await first.end();
    const loaded = await one.log.loadPending(
      webhookId,
      { lastPlace: held.at(-1) ?? null, heldPending: new Set(idsOf(held)) },
      10,
    );
    expect(loaded).toHaveLength(1);
    expect(idsOf(held)).not.toContain(loaded[0]?.id);
  });

  it('take what the owner records, and not what one records that was the owner before', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    await take(one, webhookId);
    await append(one, webhookId, 2, accountId);
    const [first, second] = await one.log.loadPending(webhookId, nothingHeld, 10);
    if (!first || !second) throw new Error('nothing waits');
    await take(other, webhookId);
    expect(await record(one, first)).toBe('lost');
    expect(await waiting(webhookId)).toBe(2);
    expect(await record(other, first)).toBe('on disk');
    one.shards.leave([shardOf(webhookId)]);
    expect(await record(one, second)).toBe('lost');
    expect(await waiting(webhookId)).toBe(1);
  });

  it('record what is under way while they let go of it', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    await take(one, webhookId);
    await append(one, webhookId, 1, accountId);
    const [delivery] = await one.log.loadPending(webhookId, nothingHeld, 10);
    if (!delivery) throw new Error('nothing waits');
    one.shards.letGo([shardOf(webhookId)]);
    expect(await record(one, delivery)).toBe('on disk');
    expect(await waiting(webhookId)).toBe(0);
  });

  it('ask what waits for their own webhooks only, however many there are', async () => {
    const accountId = unique('acc');
    const webhookIds = Array.from({ length: 1_100 }, () => unique('wh'));
    const own = webhookIds.filter((id) => shardOf(id) % 2 === 0);
    one.shards.take(
      Array.from({ length: 128 }, (_, i) => ({ shard: 2 * i, epoch: 0, above: one.numbered() })),
    );
    await other.log.append([newEvent(webhookIds, { accountId })]);
    const asked = new Set((await one.log.waiting()).map(({ webhookId }) => webhookId));
    expect(own.filter((id) => !asked.has(id))).toEqual([]);
    expect([...asked].filter((id) => shardOf(id) % 2 === 1)).toEqual([]);
  });
});
