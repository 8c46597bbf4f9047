import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeEvent } from '../../../core/event-text.ts';
import { sequenceAt } from '../../../core/ids.ts';
import { createTraces } from '../../../core/traces.ts';
import { testEvent } from '../../../testing/factories.ts';
import type { WipePlace } from '../../ports/erasures.ts';
import { migrate } from '../migrations/migrate.ts';
import { createPool } from '../pool.ts';
import { createQuestions } from '../questions/questions.ts';
import { dayOf, makePartitions, nameOf } from '../retention/partitions.ts';
import { type PostgresServer, startPostgres } from '../testing/server.ts';
import { contentsOf } from '../testing/server-files.ts';
import { inTransaction } from '../transaction.ts';
import { eraseEvents } from './erase-events.ts';
import { findTraces } from './find-events.ts';
import { markTables, partitioned } from './marks.ts';
import { wipe } from './wipe.ts';

const now = Date.UTC(2026, 10, 30, 12);
const theirs = '919831234567';
const today = nameOf(dayOf(now));

let server: PostgresServer;
let pool: Pool;
let seq = sequenceAt(now);

beforeAll(async () => {
  server = await startPostgres({ settings: { wal_recycle: 'off', autovacuum: 'off' } });
  pool = createPool({ url: server.url('postgres'), most: 5 });
  const client = await pool.connect();
  await migrate(client);
  await makePartitions(client, now);
  client.release();
});
afterAll(async () => {
  await pool.end();
  await server.remove();
});
beforeEach(() =>
  pool.query('truncate events, deliveries, attempts, erased_places, changes_while_copied, audit'),
);

/** Stores events with a delivery each that has ended. */
async function store(number: number, mobileNumber: string): Promise<readonly number[]> {
  const seqs = Array.from({ length: number }, () => (seq += 64));
  const bodies = seqs.map((_, i) =>
    encodeEvent({ ...testEvent({ mobileNumber, attributes: { long: 'abc'.repeat((i * 37) % 3_000) } }) }),
  );
  await pool.query(
    `insert into events (account, seq, accepted_at, deliveries, number_key, body)
     select 'acc_1', seq, $2, 1, 7, body from unnest($1::bigint[], $3::text[]) as e (seq, body)`,
    [seqs, now, bodies],
  );
  await pool.query(
    `insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, response_body)
     select 'acc_1', seq + 32, seq, 'wh_1', 3, 1, 1, 0, 0, $2 from unnest($1::bigint[]) as seq`,
    [seqs, Buffer.from(`got ${mobileNumber}`)],
  );
  return seqs;
}

async function erase(): Promise<void> {
  const traces = createTraces({ mobileNumber: theirs });
  const request = { accountId: null, traces, look: 'events', mostMs: 250 } as const;
  for (let after: number | null = 0; after !== null; ) {
    const found = await findTraces(pool, { ...request, after, upTo: Number.MAX_SAFE_INTEGER });
    for (let left = found.events; left.length > 0; ) {
      const piece = { ...request, erasure: 'task_1', events: left, askedAt: now };
      left = left.slice((await eraseEvents(pool, piece)).done);
    }
    after = found.next;
  }
}

async function wipeAll(): Promise<void> {
  for (let at: WipePlace | null = await wipe(pool, null); at !== null; ) at = await wipe(pool, at);
}

/** How often a text stands in the server's files, when all is written to them and its log has gone on. */
async function inFiles(text: string): Promise<number> {
  await pool.query('analyze');
  await pool.query('checkpoint');
  await pool.query('select pg_switch_wal()');
  await pool.query('checkpoint');
  return contentsOf(server).reduce(
    (sum, content) => sum + content.toString('latin1').split(text).length - 1,
    0,
  );
}

const rowsOf = async (table: string) => (await pool.query(`select * from ${table} order by 2`)).rows;
const indexesOf = async (table: string) =>
  (
    await pool.query<{ def: string; attached: number }>(
      `select pg_get_indexdef(indexrelid) as def,
         (select count(*) from pg_inherits where inhrelid = indexrelid) as attached
       from pg_index join pg_class c on c.oid = indexrelid where indrelid = to_regclass($1) order by 1`,
      [table],
    )
  ).rows;

describe('the files of the database', () => {
  it('hold nothing any more of who was erased, once what held them is written anew, and all else as it was', async () => {
    await store(300, theirs);
    await store(300, '919800000000');
    expect(await inFiles(theirs)).toBeGreaterThan(300);
    await erase();
    const [events, deliveries] = [await rowsOf('events'), await rowsOf('deliveries')];
    expect(await inFiles(theirs)).toBeGreaterThan(0);
    const allIndexes = () => Promise.all(partitioned.map((table) => indexesOf(`${table}_${today}`)));
    const indexes = await allIndexes();
    await wipeAll();
    expect(await inFiles(theirs)).toBe(0);
    expect(await inFiles('919800000000')).toBeGreaterThan(300);
    expect(await rowsOf('events')).toEqual(events);
    expect(await rowsOf('deliveries')).toEqual(deliveries);
    expect(await allIndexes()).toEqual(indexes);
    expect(indexes.flat().every(({ attached }) => attached === 1)).toBe(true);
    expect(await rowsOf('erased_places')).toEqual([]);
    const { rows } = await pool.query(
      `select relname, reloptions from pg_class where relkind = 'r' and relname ~ '_${today}$' order by 1`,
    );
    expect(rows).toEqual(
      ['attempts', 'deliveries', 'events'].map((table) => ({
        relname: `${table}_${today}`,
        reloptions: ['fillfactor=85'],
      })),
    );
  });

  it('are not written where nothing was erased', async () => {
    await store(10, '919800000000');
    const before = await pool.query("select pg_relation_filepath('events_other') as path");
    await erase();
    expect(await wipe(pool, null)).toBeNull();
    expect((await pool.query("select pg_relation_filepath('events_other') as path")).rows).toEqual(
      before.rows,
    );
  });

  it('lose what an entry of the audit log said', async () => {
    await pool.query(
      `insert into audit (number, at, actor_kind, actor_id, actor_name, action, changes)
       select i, 0, 'person', 'per_1', case when i % 2 = 0 then 'call 4915112345678' else 'Ada' end, 'a', '[]'
       from generate_series(1, 500) as i`,
    );
    await pool.query("update audit set actor_name = 'call •••' where number % 2 = 0");
    expect(await inFiles('4915112345678')).toBeGreaterThan(0);
    await inTransaction(pool, 'read committed', (client) => markTables(client, ['audit']));
    await wipeAll();
    expect(await inFiles('4915112345678')).toBe(0);
    expect(await rowsOf('audit')).toHaveLength(500);
  });
});

describe('a table that is written anew in one go', () => {
  it('waits for who may still see what was erased, and would have it copied', async () => {
    const entry = (text: string) =>
      pool.query(
        `insert into audit (number, at, actor_kind, actor_id, actor_name, action, changes)
         values (1, 0, 'person', 'per_1', $1, 'a', '[]') on conflict (number) do update set actor_name = $1`,
        [text],
      );
    await entry('call 4915187654321');
    const reader = await pool.connect();
    try {
      await reader.query('begin isolation level repeatable read');
      await reader.query('select 1 from accounts');
      await entry('call •••');
      await inTransaction(pool, 'read committed', (client) => markTables(client, ['audit']));
      const at = await wipe(pool, null);
      expect(at).not.toBeNull();
      expect(await wipe(pool, at)).toEqual(at);
    } finally {
      await reader.query('commit');
      reader.release();
    }
    await wipeAll();
    expect(await inFiles('4915187654321')).toBe(0);
  });
});

describe('a partition that is written anew', () => {
  it('has what was stored, changed and deleted at each moment while it was copied', async () => {
    const stored = await store(600, theirs);
    await erase();
    const bodies = new Map((await rowsOf('events')).map(({ seq: of, body }) => [of, body]));
    const [changed, deleted] = [stored.slice(0, 200), stored.slice(200, 400)];
    let pieces = 0;
    for (let at = await wipe(pool, null); at !== null; at = await wipe(pool, at)) {
      const [added = 0] = await store(1, '919800000001');
      bodies.set(added, (await rowsOf('events')).find(({ seq: of }) => of === added)?.body);
      const [change = 0, gone = 0] = [changed.pop(), deleted.pop()];
      await pool.query('update events set body = $2 where seq = $1', [change, `changed ${pieces}`]);
      bodies.set(change, `changed ${pieces}`);
      await pool.query('delete from events where seq = $1', [gone]);
      await pool.query('delete from deliveries where event = $1', [gone]);
      bodies.delete(gone);
      pieces++;
    }
    expect(pieces).toBeGreaterThan(20);
    expect(new Map((await rowsOf('events')).map(({ seq: of, body }) => [of, body]))).toEqual(bodies);
    expect((await rowsOf('deliveries')).map(({ event }) => event)).toEqual(
      [...bodies.keys()].toSorted((one, other) => one - other),
    );
    expect(await rowsOf('changes_while_copied')).toEqual([]);
  });

  it('is written anew again where something was erased while it was copied', async () => {
    await store(150, theirs);
    await erase();
    const first = await wipe(pool, null);
    await store(150, theirs);
    const then = await wipe(pool, first);
    await erase();
    for (let at = then; at !== null; ) at = await wipe(pool, at);
    await wipeAll();
    expect(await inFiles(theirs)).toBe(0);
  });

  it('is written anew from its beginning where a step of the schema gave it a column while it was copied', async () => {
    const stored = await store(150, theirs);
    await erase();
    let at = await wipe(pool, null);
    for (let pieces = 0; pieces < 3; pieces++) at = await wipe(pool, at);
    await pool.query('alter table events add column more text');
    await pool.query("update events set more = 'new' where seq = $1", [stored[0]]);
    try {
      while (at !== null) at = await wipe(pool, at);
      expect(await inFiles(theirs)).toBe(0);
      const { rows } = await pool.query<{ seq: number; more: string | null }>(
        'select seq, more from events order by seq',
      );
      expect(rows).toEqual(stored.map((seq, i) => ({ seq, more: i === 0 ? 'new' : null })));
    } finally {
      await pool.query('alter table events drop column more');
    }
  });

  it('waits for who has the table, and lets others by meanwhile', async () => {
    await store(5, theirs);
    await erase();
    const holder = await pool.connect();
    let at = await wipe(pool, null);
    let added = 0;
    try {
      await holder.query('begin');
      await holder.query('select count(*) from events');
      for (let before: WipePlace | null = null; at !== null && at.page !== before?.page; added++) {
        before = at;
        at = await wipe(pool, at);
        await store(1, '919800000002');
      }
    } finally {
      await holder.query('commit');
      holder.release();
    }
    expect(at).not.toBeNull();
    while (at !== null) at = await wipe(pool, at);
    expect(await inFiles(theirs)).toBe(0);
    expect(await rowsOf('events')).toHaveLength(5 + added);
  });

  it('goes on where it was when the server has crashed', async () => {
    const stored = await store(700, theirs);
    await erase();
    let at = await wipe(pool, null);
    const isUnderWay = async () =>
      (await pool.query("select 1 from erased_places where place ~ '^events' and copied like '[_%'"))
        .rowCount;
    while (at !== null && !(await isUnderWay())) at = await wipe(pool, at);
    expect(at).not.toBeNull();
    await server.stop('immediate');
    await server.start();
    await wipeAll();
    expect(await inFiles(theirs)).toBe(0);
    expect((await rowsOf('events')).map(({ seq: of }) => of)).toEqual(stored);
  });

  it('that is dropped in the meantime leaves nothing', async () => {
    await store(5, theirs);
    await erase();
    const at = await wipe(pool, null);
    const { rows } = await pool.query<{ place: string }>(
      'select place from erased_places where began is not null',
    );
    await pool.query(`drop table ${rows[0]?.place}`);
    for (let next = at; next !== null; ) next = await wipe(pool, next);
    const copies = await pool.query("select relname from pg_class where relname like 'copy_of%'");
    expect(copies.rows).toEqual([]);
  });

  it('lie where a question looks for them that has begun before, although they are written anew meanwhile', async () => {
    await store(3, theirs);
    await store(2, '919800000000');
    await erase();
    const questions = createQuestions(pool);
    const seen = await questions.ask(null, async (asking) => {
      const events = await asking.read('select seq from events');
      for (let [at, pieces] = [await wipe(pool, null), 0]; at !== null && pieces < 60; pieces++)
        at = await wipe(pool, at);
      return { events, deliveries: await asking.read('select seq from deliveries') };
    });
    expect([seen.deliveries.length, seen.events.length]).toEqual([5, 5]);
    await wipeAll();
    expect(await inFiles(theirs)).toBe(0);
    expect(await questions.ask(null, (asking) => asking.read('select seq from events'))).toHaveLength(5);
  });
});
