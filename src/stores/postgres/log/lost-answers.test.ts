import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { createManualClock, type ManualClock } from '../../../testing/manual-clock.ts';
import { attemptOf, delivered, idsOf, newEvent, retryAt, unique } from '../../conformance/samples.ts';
import { nothingHeld } from '../../ports/delivery-log.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { openLog } from '../testing/log-places.ts';
import { type DatabaseProxy, startProxy } from '../testing/proxy.ts';

const databases = createTestDatabases();
let proxy: DatabaseProxy;
let direct: pg.Client;
let clock: ManualClock;
let log: Awaited<ReturnType<typeof openLog>>['log'];
let told: QueuedDelivery[];

beforeAll(async () => {
  proxy = await startProxy(Number(new URL(inject('postgres')).port));
  direct = new pg.Client(await databases.laidOut('lost'));
  await direct.connect();
});
afterAll(async () => {
  await direct.end();
  await proxy.close();
  await databases.remove();
});
beforeEach(async () => {
  clock = createManualClock();
  ({ log } = await openLog({ url: proxy.url(await databases.laidOut('lost')), clock }));
  told = [];
  log.onAccepted((deliveries) => told.push(...deliveries));
});
afterEach(() => log.close());

async function count(table: string, webhookId: string): Promise<number> {
  const { rows } = await direct.query(`select count(*)::int as n from ${table} where webhook = $1`, [
    webhookId,
  ]);
  return rows[0].n;
}

/** Statements that are a transaction of their own, or end one. */
const [storing, recording, ending] = [
  'insert into event_identities',
  'delete from waiting',
  'commit\0',
] as const;

async function queued(webhookId: string, parts = {}, ordered = false): Promise<QueuedDelivery> {
  const event = newEvent([webhookId], parts);
  await log.append([{ ...event, ...(ordered && { orderedWebhookIds: [webhookId] }) }]);
  const delivery = told.findLast((each) => each.webhookId === webhookId);
  if (!delivery) throw new Error('nothing told');
  return delivery;
}

describe('a commit whose answer is lost', () => {
  it('is found to be stored, and its deliveries are told of once', async () => {
    const webhookId = unique('wh');
    const lost = proxy.loseAnswerTo(storing);
    const [result] = await log.append([newEvent([webhookId, unique('wh')])]);
    await lost;
    expect(result).toMatchObject({ result: 'accepted', deliveries: 2 });
    expect(told.filter((each) => each.webhookId === webhookId)).toHaveLength(1);
    expect(await count('waiting', webhookId)).toBe(1);
    expect(idsOf(await log.loadPending(webhookId, nothingHeld, 10))).toEqual(
      idsOf(told.filter((each) => each.webhookId === webhookId)),
    );
  });

  it('keeps what waits for its turn waiting', async () => {
    const webhookId = unique('wh');
    const messageId = unique('m');
    const report = (status: string) => ({
      ...newEvent([webhookId], { messageId, status }),
      orderedWebhookIds: [webhookId],
    });
    const lost = proxy.loseAnswerTo(ending);
    const appended = log.append([report('sent'), report('delivered')]);
    await lost;
    expect(await appended).toMatchObject([{ result: 'accepted' }, { result: 'accepted' }]);
    const own = told.filter((each) => each.webhookId === webhookId);
    expect(own.map(({ event }) => event.status)).toEqual(['sent']);
    expect(await count('waiting', webhookId)).toBe(2);
  });

  it('is settled when the database is back, so that couriers hear of what was refused and stored', async () => {
    const webhookId = unique('wh');
    const event = newEvent([webhookId], {}, unique('own'));
    const lost = proxy.loseAnswerTo(storing).then(() => proxy.down());
    const appended = log.append([event]);
    await expect(appended).rejects.toThrow(/PostgreSQL/);
    await lost;
    expect(await count('waiting', webhookId)).toBe(1);
    expect(log.health.problem).toMatch(/PostgreSQL/);
    proxy.up();
    expect(told.filter((each) => each.webhookId === webhookId)).toEqual([]);
    const worksAgain = new Promise<void>((resolve) => {
      log.onHealth(({ problem }) => problem === null && resolve());
    });
    clock.advance(1_000);
    await worksAgain;
    await log.waiting();
    expect(told.filter((each) => each.webhookId === webhookId)).toHaveLength(1);
    expect(await log.append([event])).toMatchObject([{ result: 'duplicate', eventId: event.ownId }]);
    expect(await count('waiting', webhookId)).toBe(1);
  });

  it('is settled too where a part of it was stored and the rest refused', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    const [fresh, former] = [
      newEvent([webhookId], { accountId }),
      newEvent([], { accountId }, unique('own')),
    ];
    await log.append([former]);
    await direct.query('delete from events where own_id = $1', [former.ownId]);
    await direct.query(`create function no_room() returns trigger language plpgsql as $$
      begin raise exception 'no room' using errcode = 'disk_full'; end $$`);
    await direct.query(
      'create trigger no_room before update on event_identities for each row execute function no_room()',
    );
    await expect(log.append([fresh, former])).rejects.toThrow('The disk of PostgreSQL is full');
    expect(await count('waiting', webhookId)).toBe(1);
    await direct.query('drop function no_room cascade');
    expect(await log.append([fresh, former])).toMatchObject([
      { result: 'duplicate' },
      { result: 'duplicate' },
    ]);
    await log.waiting();
    expect(told.filter((each) => each.webhookId === webhookId)).toHaveLength(1);
  });
});

describe('a record whose answer is lost', () => {
  /** Gives how often it was told that it is on disk. */
  async function recordLosing(
    delivery: QueuedDelivery,
    after: Parameters<typeof attemptOf>[1],
    statement: string = recording,
  ): Promise<number> {
    let onDisk = 0;
    const lost = proxy.loseAnswerTo(statement);
    const recorded = new Promise<void>((resolve) => {
      log.record(attemptOf(delivery, after), () => {
        onDisk++;
        resolve();
      });
    });
    await lost;
    await expect.poll(() => clock.waiting).toBeGreaterThan(0);
    clock.advance(1_000);
    await recorded;
    return onDisk;
  }

  it('is on disk once, and the attempt with it', async () => {
    const webhookId = unique('wh');
    const delivery = await queued(webhookId);
    expect(await recordLosing(delivery, delivered)).toBe(1);
    expect([await count('waiting', webhookId), await count('deliveries', webhookId)]).toEqual([0, 1]);
  });

  it('counts once where the delivery is tried again', async () => {
    const webhookId = unique('wh');
    const delivery = await queued(webhookId);
    expect(await recordLosing(delivery, retryAt(5_000))).toBe(1);
    const { due } = await log.loadRetries(webhookId, 5_000, 10);
    expect(due).toMatchObject([{ attempts: 1, attemptsSinceReplay: 1 }]);
    const { rows } = await direct.query(
      'select count(*)::int as n from attempts a join waiting w on w.seq = a.delivery where w.webhook = $1',
      [webhookId],
    );
    expect(rows[0].n).toBe(1);
  });

  it('lets the next report of the message go, which its lane hears of', async () => {
    const webhookId = unique('wh');
    const messageId = unique('m');
    const first = await queued(webhookId, { messageId, status: 'sent' }, true);
    await log.append([
      { ...newEvent([webhookId], { messageId, status: 'delivered' }), orderedWebhookIds: [webhookId] },
    ]);
    const released: QueuedDelivery[] = [];
    log.onReleased((deliveries) => released.push(...deliveries));
    expect(await recordLosing(first, delivered, ending)).toBe(1);
    expect(released.map(({ event }) => event.status)).toEqual(['delivered']);
  });
});

it('a process that stops in the middle of a commit keeps others from its messages for some seconds only', async () => {
  const [accountId, webhookId, messageId] = [unique('acc'), unique('wh'), unique('m')];
  const report = (status: string) => ({
    ...newEvent([webhookId], { accountId, messageId, status }),
    orderedWebhookIds: [webhookId],
  });
  const { log: other } = await openLog({ url: await databases.laidOut('lost'), clock, node: 4 });
  const isStopped = proxy.swallowFrom(ending);
  const stopped = log.append([report('sent')]);
  await isStopped;
  expect(await other.append([report('delivered')])).toMatchObject([{ result: 'accepted' }]);
  expect(await count('waiting', webhookId)).toBe(1);
  proxy.up();
  // It is found not to be stored, and stored then.
  expect(await stopped).toMatchObject([{ result: 'accepted' }]);
  await other.close();
});
