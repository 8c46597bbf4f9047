import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sequenceAt } from '../../../core/ids.ts';
import { dayMs } from '../../../core/keeping.ts';
import { migrate } from '../migrations/migrate.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { dayOf, daysAhead, dropDay, makePartitions, nameOf, partitionedDays } from './partitions.ts';

const databases = createTestDatabases();
const now = Date.UTC(2026, 10, 30, 13, 5);
const clients: pg.Client[] = [];

async function connected(): Promise<pg.Client> {
  const client = new pg.Client(await databases.of('partitions'));
  await client.connect();
  clients.push(client);
  return client;
}

let client: pg.Client;
beforeAll(async () => {
  client = await connected();
  await migrate(client);
});
afterAll(async () => {
  for (const each of clients) await each.end();
  await databases.remove();
});

async function tableOf(atMs: number): Promise<string> {
  const { rows } = await client.query<{ table: string }>(
    `insert into events (account, seq, accepted_at, deliveries, body) values ('acc_1', $1, 0, 0, '{}')
     returning tableoid::regclass::text as table`,
    [sequenceAt(atMs)],
  );
  return rows[0]?.table ?? '';
}

describe('partitions by day', () => {
  it('are there from today on for two weeks, once, whoever makes them', async () => {
    const other = await connected();
    await Promise.all([makePartitions(client, now), makePartitions(other, now)]);
    await makePartitions(client, now);
    const days = await partitionedDays(client);
    expect(days).toHaveLength(daysAhead + 1);
    expect(days[0]).toEqual(dayOf(now));
    expect(nameOf(dayOf(now))).toBe('20261130');
  });

  it('take what is accepted on their day; what is earlier or later goes where the rest is', async () => {
    await makePartitions(client, now);
    const midnight = Date.UTC(2026, 11, 1);
    expect(await tableOf(midnight - 1)).toBe('events_20261130');
    expect(await tableOf(midnight)).toBe('events_20261201');
    expect(await tableOf(midnight + 30 * dayMs)).toBe('events_other');
    expect(await tableOf(midnight - 30 * dayMs)).toBe('events_other');
  });

  it('keep nobody who writes waiting while somebody has the table of the rest', async () => {
    const later = now + 20 * dayMs;
    const reader = await connected();
    await reader.query('begin');
    await reader.query('select count(*) from events_other');
    expect(await makePartitions(client, later)).toBe(false);
    expect(await tableOf(now)).toBe('events_20261130');
    await reader.query('commit');
    expect(await makePartitions(client, later)).toBe(true);
    // Something came for it before it was there.
    const days = (await partitionedDays(client)).map(nameOf);
    expect(days).toContain('20261229');
    expect(days).not.toContain('20261231');
    expect(days).toContain('20270101');
  });

  it('go with all that is in them, unless somebody reads it', async () => {
    const day = dayOf(now);
    const reader = await connected();
    await reader.query('begin');
    await reader.query('select count(*) from events_20261130');
    await client.query('begin');
    expect(await dropDay(client, day)).toBe(false);
    await client.query('commit');
    await reader.query('commit');
    await client.query('begin');
    expect(await dropDay(client, day)).toBe(true);
    await client.query('commit');
    expect((await partitionedDays(client)).map(({ at }) => at)).not.toContain(day.at);
  });
});
