import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeEvent } from '../../../core/event-text.ts';
import { sequenceAt, sequenceId } from '../../../core/ids.ts';
import { dayMs } from '../../../core/keeping.ts';
import { testEvent } from '../../../testing/factories.ts';
import { migrate } from '../migrations/migrate.ts';
import { createPool } from '../pool.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { inTransaction } from '../transaction.ts';
import { dayOf, makePartitions, nameOf } from './partitions.ts';
import { createPostgresRetention } from './retention.ts';

const databases = createTestDatabases();
const numberKey = new Uint8Array(32).fill(7);
const now = Date.UTC(2026, 5, 1);
/** So that one piece is enough, however slow the machine is. */
const mostMs = 60_000;
const forEver = { payloadMs: null, logMs: null };
let pool: Pool;

beforeAll(async () => {
  pool = createPool({ url: await databases.of('retention'), most: 8 });
  const client = await pool.connect();
  await migrate(client);
  client.release();
});
beforeEach(async () => {
  await pool.query('truncate events, waiting, deliveries, attempts, retention_left, retention_members');
  await pool.query('update retention_cursors set upto = 0, keep_ms = null');
});
afterAll(async () => {
  await pool.end();
  await databases.remove();
});

/** Stores an event of that age with one delivery, which was answered. */
async function store(account: string, ageMs: number, extra: { ahead?: number; waits?: boolean } = {}) {
  const seq = sequenceAt(now - ageMs + (extra.ahead ?? 0)) + Math.floor(Math.random() * 100) * 32;
  const body = encodeEvent(testEvent({ accountId: account, message: { text: 'hi' } }));
  await pool.query(
    'insert into events (account, seq, accepted_at, deliveries, body) values ($1, $2, $3, 1, $4)',
    [account, seq, now - ageMs, body],
  );
  if (extra.waits) {
    await pool.query(
      `insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due)
       values ($1, 'wh_1', $2, $3, 1, 0, 0, 0, 0)`,
      [account, seq + 32, seq],
    );
  } else {
    await pool.query(
      `insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, response_body)
       values ($1, $2, $3, 'wh_1', 3, 1, 1, 0, $4, 'OK')`,
      [account, seq + 32, seq, now - ageMs],
    );
  }
  return seq;
}

const gateway = () => createPostgresRetention({ pool, numberKey, isBusy: () => false });

async function bodies(): Promise<string[]> {
  const { rows } = await pool.query<{ body: string }>('select body from events order by seq');
  return rows.map(({ body }) => (body.startsWith('[') ? 'cut' : 'whole'));
}

describe('retention on PostgreSQL', () => {
  it('cuts what is old enough, and no more', async () => {
    await store('acc_1', 3 * dayMs);
    await store('acc_1', 2 * dayMs + 1);
    await store('acc_1', dayMs);
    const { keep, cut } = gateway();
    await keep({ ofAll: { payloadMs: 2 * dayMs, logMs: null }, own: new Map() });
    expect(await cut({ now, mostMs })).toMatchObject({ cut: 2, dropped: 0, isDone: true });
    expect(await bodies()).toEqual(['cut', 'cut', 'whole']);
    const { rows } = await pool.query('select response_body is null as gone from deliveries order by seq');
    expect(rows.map(({ gone }) => gone)).toEqual([true, true, false]);
  });

  it.each(['payload', 'log'] as const)(
    'leaves what another process’s event has, whose numbers lie between: %s',
    async (clock) => {
      const seq = await store('acc_1', 3 * dayMs);
      await pool.query('update events set deliveries = 2');
      const other = seq + 1;
      await pool.query(
        `insert into events select account, $1, own_id, accepted_at, 1, null, null, null, body from events`,
        [other],
      );
      await pool.query(
        `insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due)
       values ('acc_1', 'wh_1', $1, $2, 2, 1, 1, 0, 0)`,
        [other + 32, other],
      );
      await pool.query("insert into attempts values ('acc_1', $1, 1, 1, 0, 0, 5, 503, 5, null, 'busy')", [
        other + 32,
      ]);
      const { keep, cut } = gateway();
      await keep({ ofAll: { ...forEver, [`${clock}Ms`]: dayMs }, own: new Map() });
      await cut({ now, mostMs });
      const { rows } = await pool.query('select delivery, response_body from attempts');
      expect(rows).toEqual([{ delivery: other + 32, response_body: Buffer.from('busy') }]);
      expect(await bodies()).toEqual(clock === 'payload' ? ['cut', 'whole'] : ['whole']);
    },
  );

  it('is at work in one process at a time; another one says how far that has come', async () => {
    await store('acc_1', 3 * dayMs);
    const [one, other] = [gateway(), gateway()];
    await one.keep({ ofAll: { payloadMs: dayMs, logMs: null }, own: new Map() });
    await inTransaction(pool, 'read committed', async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [0x4b_45_45_50]);
      expect(await other.cut({ now, mostMs })).toMatchObject({
        ...{ cut: 0, isDone: true },
        progress: { payload: { behindMs: 2 * dayMs } },
      });
    });
    expect(await other.cut({ now, mostMs })).toMatchObject({ cut: 1 });
  });

  it('leaves what a delivery waits for, and tells of it', async () => {
    const held = await store('acc_1', 3 * dayMs, { waits: true });
    await store('acc_1', 3 * dayMs - 5_000);
    const { keep, cut } = gateway();
    await keep({ ofAll: { payloadMs: dayMs, logMs: 2 * dayMs }, own: new Map() });
    const piece = await cut({ now, mostMs });
    expect(piece).toMatchObject({ cut: 1, dropped: 1, isDone: true });
    expect(piece.overdue).toEqual([{ webhookId: 'wh_1', deliveryIds: [sequenceId('dlv', held + 32)] }]);
    expect(await bodies()).toEqual(['whole']);
    await pool.query('delete from waiting');
    expect(await cut({ now: now + 60_000, mostMs })).toMatchObject({ dropped: 1, isDone: true });
    expect(await bodies()).toEqual([]);
  });

  it('counts from when an event was accepted where the clock was ahead when it was numbered', async () => {
    await store('acc_1', 3 * dayMs, { ahead: 30 * dayMs });
    const { keep, cut } = gateway();
    await keep({ ofAll: { payloadMs: 2 * dayMs, logMs: null }, own: new Map() });
    expect(await cut({ now, mostMs })).toMatchObject({ cut: 1, isDone: true });
  });

  it('gives each account its own time, and takes a change of it for all that is there', async () => {
    await store('acc_1', 3 * dayMs);
    await store('acc_2', 3 * dayMs + 1_000);
    const { keep, cut } = gateway();
    const own = new Map([['acc_2', { payloadMs: null, logMs: null }]]);
    await keep({ ofAll: { payloadMs: null, logMs: dayMs }, own });
    expect(await cut({ now, mostMs })).toMatchObject({ dropped: 1 });
    await keep({ ofAll: { payloadMs: null, logMs: dayMs }, own: new Map() });
    expect(await cut({ now, mostMs })).toMatchObject({ dropped: 1 });
    await keep({ ofAll: forEver, own: new Map() });
    expect(await cut({ now, mostMs })).toMatchObject({ cut: 0, dropped: 0, isDone: true });
  });

  describe('a whole day that no account keeps any more', () => {
    const dayTable = async (ageMs: number): Promise<boolean> => {
      const name = `events_${nameOf(dayOf(now - ageMs))}`;
      const { rows } = await pool.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
        name,
      ]);
      return rows[0]?.there === true;
    };
    beforeEach(async () => {
      const client = await pool.connect();
      await makePartitions(client, now - 10 * dayMs).finally(() => client.release());
    });

    it('goes with its tables, and is counted', async () => {
      await store('acc_1', 10 * dayMs);
      await store('acc_2', 10 * dayMs);
      await pool.query("insert into event_identities values ('acc_1', 1, $1)", [
        sequenceAt(now - 10 * dayMs),
      ]);
      const { keep, cut } = gateway();
      await keep({ ofAll: { payloadMs: dayMs, logMs: 5 * dayMs }, own: new Map() });
      expect(await cut({ now, mostMs })).toMatchObject({ cut: 0, dropped: 2, isDone: true });
      expect(await dayTable(10 * dayMs)).toBe(false);
      await store('acc_1', dayMs / 2);
      await cut({ now, mostMs });
      expect((await pool.query('select * from event_identities')).rows).toEqual([]);
    });

    it('stays while one account keeps it longer, without what is not its own', async () => {
      await store('acc_1', 10 * dayMs);
      await store('acc_2', 10 * dayMs);
      const { keep, cut } = gateway();
      const own = new Map([['acc_2', { payloadMs: dayMs, logMs: 50 * dayMs }]]);
      await keep({ ofAll: { payloadMs: dayMs, logMs: 5 * dayMs }, own });
      expect(await cut({ now, mostMs })).toMatchObject({ dropped: 1, isDone: true });
      expect(await dayTable(10 * dayMs)).toBe(true);
      expect((await pool.query('select account from events')).rows).toEqual([{ account: 'acc_2' }]);
    });

    it('stays while one of its deliveries waits', async () => {
      await store('acc_1', 10 * dayMs, { waits: true });
      await store('acc_1', 10 * dayMs - 5_000);
      const { keep, cut } = gateway();
      await keep({ ofAll: { payloadMs: dayMs, logMs: 5 * dayMs }, own: new Map() });
      expect(await cut({ now, mostMs })).toMatchObject({ dropped: 1, isDone: true });
      expect(await bodies()).toEqual(['whole']);
      await pool.query('delete from waiting');
      expect(await cut({ now, mostMs })).toMatchObject({ dropped: 1 });
      expect(await dayTable(10 * dayMs)).toBe(false);
    });
  });
});
