import type { ClientBase, Pool } from 'pg';
import { quotaOf } from '../../../core/shards.ts';
import type { Beat, LiveProcess, NewProcess, ShardLease, ShardLeases } from '../../ports/shard-leases.ts';
import { refuseMoved } from '../moving/refuse-moved.ts';
import { inTransaction } from '../transaction.ts';

export interface ShardLeasesOptions {
  readonly pool: Pool;
  /** How long a shard stays with a process of which nothing is heard, ms. */
  readonly leaseMs: number;
  /** Where no other is free, a node's number is given away after so long without a word, ms; not less than a lease. */
  readonly goneAfterMs: number;
  /** Instants in place of the database's own, for tests. */
  readonly now?: () => number;
}

/** Sequence numbers are shared out among so many (core/ids.ts). */
const nodes = 32;
/** One that comes back after so long without a word finds its number taken, and cannot go on. */
const forgottenAfterMs = 24 * 3_600_000;
/** A process that stops in the middle of a beat keeps others from its shards no longer than that: they would not get them in time. */
const giveWay = 'set local idle_in_transaction_session_timeout = 2000';
/** "NODE": of an advisory lock, so that two that join do not take one number. */
export const joinKey = 0x4e_4f_44_45;

/** `$1` where a test plays the time, else the database's clock, in ms. */
const now = 'coalesce($1::bigint, (extract(epoch from clock_timestamp()) * 1000)::bigint)';

/** The shards of a cluster of gateways, leased in one table: each statement judges by the database's own clock. */
export function createPostgresShardLeases(options: ShardLeasesOptions): ShardLeases {
  const { pool, leaseMs, goneAfterMs } = options;
  const played = (): number | null => options.now?.() ?? null;

  return {
    join: (process) => inTransaction(pool, 'read committed', (client) => join(client, process)),
    beat: (id, takesExpired) =>
      inTransaction(pool, 'read committed', (client) => beat(client, id, takesExpired), {
        settings: giveWay,
      }),
    async release(id, leases) {
      await pool.query(
        `update shard_leases l set owner = null, until = 0 from unnest($2::smallint[], $3::bigint[]) as g (shard, epoch)
         where l.owner = $1 and l.shard = g.shard and l.epoch = g.epoch`,
        [id, leases.map(({ shard }) => shard), leases.map(({ epoch }) => epoch)],
      );
    },
    async beginLeaving(id) {
      await pool.query('update processes set is_leaving = true where id = $1', [id]);
    },
    async leave(id) {
      await inTransaction(pool, 'read committed', async (client) => {
        await client.query('update shard_leases set owner = null, until = 0 where owner = $1', [id]);
        await client.query('delete from processes where id = $1', [id]);
      });
    },
  };

  /**
   * A number that nobody has had for a day, else that of the one which was silent for longest. Its couriers are negative until its
   * first beat: it takes some seconds to start, and nobody would serve what the others let go of for it.
   */
  async function join(client: ClientBase, process: NewProcess): Promise<number | null> {
    const { id, name, version, couriers } = process;
    await client.query('select pg_advisory_xact_lock($1)', [joinKey]);
    await refuseMoved(client);
    const { rows: known } = await client.query<{ node: number; silent: number }>(
      `select node, ${now} - seen_at as silent from processes order by seen_at`,
      [played()],
    );
    const isHad = new Set(known.filter(({ silent }) => silent < forgottenAfterMs).map(({ node }) => node));
    const free = Array.from({ length: nodes }, (_, node) => node).find((node) => !isHad.has(node));
    const node = free ?? known.find(({ silent }) => silent >= goneAfterMs)?.node;
    if (node === undefined) return null;
    await client.query('delete from processes where node = $1', [node]);
    await client.query(
      `insert into processes (node, id, name, version, couriers, started_at, seen_at)
       values ($2, $3, $4, $5, -$6::integer, ${now}, ${now})`,
      [played(), node, id, name, version, couriers],
    );
    return node;
  }

  async function beat(client: ClientBase, id: string, takesExpired: boolean): Promise<Beat | null> {
    const { rowCount } = await client.query(
      `update processes set seen_at = ${now}, couriers = abs(couriers) where id = $2`,
      [played(), id],
    );
    if (!rowCount) return null;
    const kept = await client.query<ShardLease>(
      `update shard_leases set until = ${now} + $3::bigint where owner = $2 returning shard, epoch`,
      [played(), id, leaseMs],
    );
    const processes = await liveProcesses(client);
    const sharing = processes.filter(({ isLeaving, couriers }) => !isLeaving && couriers > 0);
    const { floor, ceil } = quotaOf(id, sharing);
    const owned = [...kept.rows];
    // Who has less than his share goes before who could have one more.
    const othersWant = sharing.some(
      (other) => other.id !== id && other.shards < quotaOf(other.id, sharing).floor,
    );
    const wanted = (othersWant ? floor : ceil) - owned.length;
    if (wanted > 0) owned.push(...(await take(client, id, wanted, takesExpired)));
    return {
      owned: owned.toSorted((a, b) => a.shard - b.shard),
      surplus: Math.max(0, owned.length - ceil),
      ...(await ownersBeside(client, id)),
      processes: processes.map((process) => ({
        ...process,
        couriers: Math.abs(process.couriers),
        ...(process.id === id && { shards: owned.length }),
      })),
    };
  }

  async function take(
    client: ClientBase,
    id: string,
    wanted: number,
    takesExpired: boolean,
  ): Promise<readonly ShardLease[]> {
    const { rows } = await client.query<ShardLease>(
      `update shard_leases set owner = $2, epoch = epoch + 1, until = ${now} + $3::bigint
       where shard in (select shard from shard_leases where owner is null or ($5 and until < ${now})
         order by shard limit $4 for update skip locked)
       returning shard, epoch`,
      [played(), id, leaseMs, wanted, takesExpired],
    );
    return rows;
  }

  async function ownersBeside(
    client: ClientBase,
    id: string,
  ): Promise<Pick<Beat, 'owners' | 'othersEndInMs'>> {
    const { rows } = await client.query<{ owner: string; left: number } | { owner: null; left: null }>(
      `select case when until >= ${now} then owner end as owner, case when until >= ${now} then until - ${now} end as left
       from shard_leases order by shard`,
      [played()],
    );
    const left = rows.flatMap((row) =>
      row.owner === null || row.owner === id ? [] : [Math.max(0, row.left)],
    );
    return {
      owners: rows.map(({ owner }) => owner),
      othersEndInMs: left.length > 0 ? Math.min(...left) : null,
    };
  }

  async function liveProcesses(client: ClientBase): Promise<readonly LiveProcess[]> {
    const { rows } = await client.query<LiveProcess>(
      `select node, id, name, version, couriers, is_leaving as "isLeaving", started_at as "startedAt",
         (select count(*)::int from shard_leases where owner = processes.id) as shards
       from processes where seen_at > ${now} - $2::bigint order by node`,
      [played(), leaseMs],
    );
    return rows;
  }
}
