import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shardCount } from '../../../core/shards.ts';
import type { Beat, NewProcess, ShardLease, ShardLeases } from '../../ports/shard-leases.ts';
import { migrate } from '../migrations/migrate.ts';
import { createPool } from '../pool.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { createPostgresShardLeases } from './leases.ts';

const databases = createTestDatabases();
const leaseMs = 10_000;
const goneAfterMs = 60_000;
let pool: Pool;
let leases: ShardLeases;
let at = 0;

beforeAll(async () => {
  pool = createPool({ url: await databases.of('leases'), most: 8 });
  const client = await pool.connect();
  await migrate(client);
  client.release();
  leases = createPostgresShardLeases({ pool, leaseMs, goneAfterMs, now: () => at });
});
beforeEach(async () => {
  at = 1_000_000;
  await pool.query('truncate processes');
  await pool.query('update shard_leases set owner = null, epoch = 0, until = 0');
});
afterAll(async () => {
  await pool.end();
  await databases.remove();
});

function process(id: string, couriers = 1): NewProcess {
  return { id, name: `${id}.example.com`, version: '1.0.0', couriers };
}

async function join(...processes: NewProcess[]): Promise<(number | null)[]> {
  const joined: (number | null)[] = [];
  for (const each of processes) joined.push(await leases.join(each));
  return joined;
}

async function beat(id: string): Promise<Beat> {
  const answer = await leases.beat(id, true);
  if (!answer) throw new Error(`${id} counts as gone`);
  return answer;
}

/** All hand over what they have too much, and take what is free, until nothing changes. */
async function settle(...ids: string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let round = 0; round < 4; round++) {
    for (const id of ids) {
      const { owned, surplus } = await beat(id);
      const over = owned.slice(0, surplus);
      await leases.release(id, over);
      counts[id] = owned.length - over.length;
    }
  }
  return counts;
}

describe('leases of shards', () => {
  it('are all of the only process', async () => {
    expect(await join(process('a'))).toEqual([0]);
    const { owned, surplus, processes, owners } = await beat('a');
    expect(new Set(owners)).toEqual(new Set(['a']));
    expect(owned.map(({ shard }) => shard)).toEqual(Array.from({ length: shardCount }, (_, i) => i));
    expect(surplus).toBe(0);
    expect(processes).toMatchObject([{ id: 'a', node: 0, shards: shardCount, isLeaving: false }]);
  });

  it('stay with the others while one that has joined is starting, until its first beat', async () => {
    await join(process('a'));
    await settle('a');
    await join(process('b', 3));
    const { surplus, processes } = await beat('a');
    expect(surplus).toBe(0);
    expect(processes).toMatchObject([{ id: 'a' }, { id: 'b', couriers: 3, shards: 0 }]);
    expect((await beat('b')).owned).toEqual([]);
    expect((await beat('a')).surplus).toBe(192);
  });

  it('are handed over under the epoch that they were owned in, and not when they were taken again since', async () => {
    await join(process('a'));
    const { owned } = await beat('a');
    const [first, second] = owned as [ShardLease, ShardLease];
    await leases.release('a', [first]);
    const again = (await beat('a')).owned[0];
    expect(again).toEqual({ shard: first.shard, epoch: first.epoch + 1 });
    await leases.release('a', [first, second]);
    const { owners } = await beat('a');
    expect((await beat('a')).owned).toContainEqual(again);
    expect(owners[0]).toBe('a');
    const { rows } = await pool.query('select epoch from shard_leases where shard = $1', [first.shard]);
    expect(rows).toEqual([{ epoch: first.epoch + 1 }]);
  });

  it('are shared out by couriers as processes come, and each shard has one owner at a time', async () => {
    await join(process('a'));
    await settle('a');
    expect(await join(process('b'), process('c', 2))).toEqual([1, 2]);
    expect(await settle('a', 'b', 'c')).toEqual({ a: 64, b: 64, c: 128 });
    const { rows } = await pool.query(
      'select count(distinct owner) as owners, max(epoch) as epoch from shard_leases',
    );
    expect(rows).toEqual([{ owners: 3, epoch: 2 }]);
  });

  it('of one that is heard of no more are the others’, not before its lease has ended', async () => {
    await join(process('a'), process('b'));
    await settle('a', 'b');
    at += leaseMs - 1;
    const before = await beat('b');
    expect([before.owned.length, before.othersEndInMs]).toEqual([128, 1]);
    at += 2;
    const after = await beat('b');
    expect([after.owned.length, after.othersEndInMs]).toEqual([256, null]);
  });

  it('stay with those that were away with the database, while nobody takes what only seems to be left', async () => {
    await join(process('a'), process('b'));
    await settle('a', 'b');
    at += 3 * leaseMs;
    expect((await leases.beat('a', false))?.owned).toHaveLength(128);
    expect((await leases.beat('b', false))?.owned).toHaveLength(128);
    await leases.leave('b');
    expect((await leases.beat('a', false))?.owned).toHaveLength(256);
  });

  it('are kept by one that was late, where nobody has taken them', async () => {
    await join(process('a'));
    const before = await beat('a');
    at += 3 * leaseMs;
    expect((await beat('a')).owned).toEqual(before.owned);
  });

  it('that were taken meanwhile are no more the late one’s, and have another epoch', async () => {
    await join(process('a'), process('b'));
    await settle('a', 'b');
    const before = (await beat('a')).owned;
    at += leaseMs + 1;
    const taken = (await beat('b')).owned;
    const late = await beat('a');
    expect(late.owned).toEqual([]);
    for (const { shard, epoch } of before) {
      expect(taken.find((lease) => lease.shard === shard)?.epoch).toBe(epoch + 1);
    }
    expect(await settle('a', 'b')).toEqual({ a: 128, b: 128 });
  });

  it('are nobody’s who counts as gone: his number is another one’s by then', async () => {
    await join(process('a'));
    await beat('a');
    at += goneAfterMs + 1;
    await join(...Array.from({ length: 31 }, (_, i) => process(`p${i}`)));
    expect(await beat('a')).toMatchObject({
      processes: expect.arrayContaining([expect.objectContaining({ id: 'a' })]),
    });
    at += goneAfterMs - 1;
    for (let i = 0; i < 31; i++) await beat(`p${i}`);
    at += 1;
    expect(await join(process('b'))).toEqual([0]);
    expect(await leases.beat('a', true)).toBeNull();
  });

  it('go by numbers that nobody had for long, while there are some', async () => {
    expect(await join(process('a'))).toEqual([0]);
    at += 2 * goneAfterMs;
    expect(await join(process('b'))).toEqual([1]);
    at += 86_400_000;
    expect(await join(process('c'))).toEqual([0]);
  });

  it('of one that leaves go to the others as it hands them over, and it takes none', async () => {
    await join(process('a'), process('b'));
    await settle('a', 'b');
    await leases.beginLeaving('a');
    const { owned, surplus } = await beat('a');
    expect([owned.length, surplus]).toEqual([128, 128]);
    await leases.release('a', owned.slice(0, 28));
    expect((await beat('b')).owned).toHaveLength(156);
    await leases.leave('a');
    const { owned: all, processes } = await beat('b');
    expect(all).toHaveLength(256);
    expect(processes.map(({ id }) => id)).toEqual(['b']);
  });

  it('go to who has too few before who could have one more', async () => {
    await join(process('a'), process('b'), process('c'));
    await settle('a', 'b', 'c');
    await pool.query('update shard_leases set owner = null, until = 0');
    await pool.query("update shard_leases set owner = 'a', until = $1 where shard < 86", [at + leaseMs]);
    await pool.query("update shard_leases set owner = 'b', until = $1 where shard between 86 and 170", [
      at + leaseMs,
    ]);
    await pool.query("update shard_leases set owner = 'c', until = $1 where shard between 171 and 200", [
      at + leaseMs,
    ]);
    expect((await beat('b')).owned).toHaveLength(85);
    expect((await beat('c')).owned).toHaveLength(85);
    expect((await beat('c')).owned).toHaveLength(85);
  });

  it('of 32 processes at most: the next one is told that there is no number for it', async () => {
    const joined = await join(...Array.from({ length: 33 }, (_, i) => process(`p${i}`)));
    expect(joined).toEqual([...Array.from({ length: 32 }, (_, i) => i), null]);
  });

  it('that are taken by two at once are each one’s', async () => {
    await join(process('a'), process('b'));
    const [a, b] = await Promise.all([beat('a'), beat('b')]);
    const shards = [...a.owned, ...b.owned].map(({ shard }) => shard);
    expect(new Set(shards).size).toBe(shards.length);
  });

  it('run by the database’s own clock', async () => {
    const real = createPostgresShardLeases({ pool, leaseMs, goneAfterMs });
    await real.join(process('a'));
    expect((await real.beat('a', true))?.owned).toHaveLength(256);
    const { rows } = await pool.query(
      'select bool_and(until between (extract(epoch from now()) * 1000) and (extract(epoch from now()) * 1000 + 20000)) as near from shard_leases',
    );
    expect(rows).toEqual([{ near: true }]);
  });
});
