import type { Clock, Timer } from '../core/clock.ts';
import { shardOf } from '../core/shards.ts';
import type { Beat, LiveProcess, NewProcess, ShardLease, ShardLeases } from '../stores/ports/shard-leases.ts';
import type { Cluster, ShardsListener } from './cluster.ts';

export interface MembershipOptions {
  readonly leases: ShardLeases;
  readonly process: NewProcess;
  /** As long as the store keeps what a process has for it, when nothing is heard of it, ms. */
  readonly leaseMs: number;
  readonly clock: Clock;
  /** A clock that nobody sets and that goes on while the process is frozen, ms. */
  readonly monotonic: () => number;
  /** The process cannot go on: another one has its number. */
  readonly onGone: (error: Error) => void;
  /** The others are to look at who owns what: something was let go of, or somebody came. */
  readonly tellOthers: () => void;
  readonly log: {
    warn(details: object, message: string): void;
    info(details: object, message: string): void;
  };
}

/** One of the processes that share a store. */
export interface Membership extends Cluster {
  /**
   * Joins the others; it has no shards yet.
   * @returns its node number
   * @throws what the store fails with, and where as many processes run as there are numbers for
   */
  join(): Promise<number>;
  /** Takes shards from now on, and lets go of them; resolves when the first beat is answered. */
  begin(listener: ShardsListener & SendingListener): Promise<void>;
  /** Beats at once: another process has let go of something. */
  beatNow(): void;
  /** Takes nothing more, and lets go of all that it has as soon as nothing of it is under way. */
  beginLeaving(): Promise<void>;
  /** Leaves: what it still has is free. */
  close(): Promise<void>;
}

/** Hears until when what was owned at the last beat is still owned, whatever happens. */
export interface SendingListener {
  /** @param since on the monotonic clock */
  maySend(since: number, forMs: number): void;
}

/** So often a process is heard of in a lease. */
const beatsALease = 5;
/** So long behind the end of another's lease it is asked whether that one was heard of, ms. */
const behindMs = 20;
/** Of a lease, sending ends so much before it does: a request that was begun then is on its way when another process may begin. */
const spareMs = 2_000;
/** So long the next process that leads waits for what runs once in this one, at most. */
const handOverMs = 5_000;

/**
 * Beats, keeps what it owns, takes what nobody has up to its share, and lets go of what it has beyond it.
 *
 * ```text
 * taken ──▸ owned ──▸ being let go of (nothing new is begun) ──▸ quiet (nothing under way) ──▸ released
 *             └─ the store has heard nothing for a lease, and another process took it ──▸ lost
 * ```
 * While the store cannot be reached it goes on beating. It sends until shortly before its leases may end, and again when the
 * store has answered that they are its own still.
 */
export function createMembership(options: MembershipOptions): Membership {
  const { leases, leaseMs, clock, monotonic, tellOthers, log } = options;
  const { id } = options.process;
  const sendsForMs = leaseMs - spareMs;
  /** Epochs of the shards that are its own, those that it is letting go of left out. */
  const owned = new Map<number, number>();
  const lettingGo = new Map<number, number>();
  /** Those of them of which nothing is under way any more: the store is to be told. */
  const quiet = new Map<number, number>();
  let releasing: Promise<void> | null = null;
  /** Epochs of shards that it has let go of: a beat that was asked before may say that they are its own. */
  const released = new Map<number, number>();
  let owners: readonly (string | null)[] = [];
  let processes: readonly LiveProcess[] = [];
  let listener: (ShardsListener & SendingListener) | null = null;
  let leading = false;
  const leadingListeners: ((leads: boolean) => void | Promise<void>)[] = [];
  let lastLed: Promise<unknown> = Promise.resolve();
  let beating: Promise<void> | null = null;
  let again = false;
  let next: Timer | null = null;
  /** Until the next beat, ms. */
  let restMs = leaseMs / beatsALease;
  /** When it began to beat: until a beat is answered, it was heard of last then. */
  let begunAt: number | null = null;
  /** The latest beat that was answered, and the first one after a while without any, by the monotonic clock. */
  let heardAt: number | null = null;
  let backAt: number | null = null;
  let isTroubled = false;
  let isLeaving = false;
  let closed = false;

  function beatSoon(): void {
    next?.cancel();
    if (!closed) next = clock.setTimer(beatNow, restMs);
  }

  function beatNow(): void {
    if (closed || !listener) return;
    if (beating) {
      again = true;
      return;
    }
    beating = beatOrTell().finally(() => {
      beating = null;
      if (again) {
        again = false;
        beatNow();
      } else beatSoon();
    });
  }

  async function beatOrTell(): Promise<void> {
    const since = monotonic();
    restMs = leaseMs / beatsALease;
    try {
      const answer = await leases.beat(id, takesExpired(since));
      if (closed) return;
      heardAt = since;
      if (answer === null) {
        gone();
        return;
      }
      heard(answer);
      listener?.maySend(since, sendsForMs);
      isTroubled = false;
    } catch (error) {
      if (!isTroubled)
        log.warn({ err: error }, 'The database was not told that this gateway is there; it is tried again.');
      isTroubled = true;
    }
  }

  /**
   * Where this process was away the others may have been as well, since the database was: each of them has a lease's time to come
   * back before what it had counts as free.
   */
  function takesExpired(now: number): boolean {
    if (heardAt !== null && now - heardAt > leaseMs / 2) backAt = now;
    return backAt === null || now - backAt >= leaseMs;
  }

  function heard(answer: Beat): void {
    ({ processes, owners } = answer);
    // What a process that is silent leaves is taken the moment that it may be.
    const { othersEndInMs } = answer;
    if (othersEndInMs !== null) restMs = Math.min(restMs, othersEndInMs + behindMs);
    const now = new Map(answer.owned.map(({ shard, epoch }) => [shard, epoch]));
    const isGone = ([shard, epoch]: readonly [number, number]): boolean => now.get(shard) !== epoch;
    // Released, and the answer is not here yet or was lost.
    for (const [shard, epoch] of [...quiet].filter(isGone)) handedOver({ shard, epoch });
    const lost = [...owned, ...lettingGo].filter(isGone);
    for (const [shard] of lost) {
      owned.delete(shard);
      lettingGo.delete(shard);
    }
    if (lost.length > 0) {
      log.warn(
        { shards: lost.length },
        'Other gateways have taken shards of this one, which the database could not hear.',
      );
      listener?.lost(lost.map(([shard]) => shard));
    }
    const taken = answer.owned.filter(
      ({ shard, epoch }) => !owned.has(shard) && !lettingGo.has(shard) && epoch !== released.get(shard),
    );
    for (const { shard, epoch } of taken) owned.set(shard, epoch);
    if (taken.length > 0) listener?.taken(taken);
    // By what it may have, since some of what it had at the beat has been handed over by now.
    const share = isLeaving ? 0 : answer.owned.length - answer.surplus;
    if (isLeaving || answer.surplus > 0) void letGo(owned.size - share);
    if (quiet.size > 0) void release();
    showLeading();
  }

  /** The last ones of those that it has: shard 0, whose owner leads, moves as seldom as can be. */
  function letGo(count: number): Promise<unknown> {
    const some = [...owned].sort(([a], [b]) => b - a).slice(0, Math.max(0, count));
    if (some.length === 0) return Promise.resolve();
    for (const [shard, epoch] of some) {
      owned.delete(shard);
      lettingGo.set(shard, epoch);
    }
    showLeading();
    const quietened = listener?.letGo(some.map(([shard]) => shard)) ?? [];
    return Promise.all(some.map(([shard, epoch], i) => letGoOf({ shard, epoch }, quietened[i])));
  }

  async function letGoOf({ shard, epoch }: ShardLease, isQuiet: Promise<unknown> | undefined): Promise<void> {
    try {
      await isQuiet;
      if (shard === 0) await ledNoMore();
    } catch (error) {
      // The couriers are closed or have died: what is left goes over when this process leaves, or with its leases.
      if (!closed) log.info({ err: error, shard }, 'A shard is handed over when this gateway leaves.');
      return;
    }
    if (lettingGo.get(shard) !== epoch) return;
    quiet.set(shard, epoch);
    await release();
  }

  /** All that is quiet by the time that the store is asked goes together. What fails is tried again behind the next beat. */
  function release(): Promise<void> {
    releasing ??= releaseQuiet();
    return releasing;
  }

  async function releaseQuiet(): Promise<void> {
    // What is quiet at once comes in one turn of the loop.
    await Promise.resolve();
    try {
      while (quiet.size > 0 && !closed) {
        const some = [...quiet].map(([shard, epoch]) => ({ shard, epoch }));
        await leases.release(id, some);
        for (const lease of some) handedOver(lease);
        tellOthers();
      }
    } catch (error) {
      log.warn({ err: error }, 'Shards could not be handed over; it is tried again.');
    } finally {
      releasing = null;
    }
  }

  function handedOver({ shard, epoch }: ShardLease): void {
    if (quiet.get(shard) === epoch) quiet.delete(shard);
    if (lettingGo.get(shard) === epoch) lettingGo.delete(shard);
    released.set(shard, epoch);
  }

  function showLeading(): void {
    const now = owned.has(0);
    if (now === leading) return;
    leading = now;
    lastLed = Promise.allSettled(leadingListeners.map((tell) => tell(now)));
  }

  /** What runs once in a cluster has ended here, or takes too long for that. */
  async function ledNoMore(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = clock.setTimer(late.resolve, handOverMs);
    await Promise.race([lastLed, late.promise]);
    timer.cancel();
  }

  function gone(): void {
    closed = true;
    next?.cancel();
    options.onGone(
      new Error(
        'Another gateway has the number of this one in the database, which heard nothing of it for long.',
      ),
    );
  }

  const owns = (webhookId: string): boolean => owned.has(shardOf(webhookId));

  return {
    id,
    get processes() {
      return processes;
    },
    // Asked of the clock and not told by a beat that fails: one may hang, and a process that was frozen has not beaten at all.
    get isCutOff() {
      const since = heardAt ?? begunAt;
      return since !== null && monotonic() - since >= sendsForMs;
    },
    owns,
    ownerOf: (webhookId) => (owns(webhookId) ? id : notItself(owners[shardOf(webhookId)])),
    get leads() {
      return leading;
    },
    get leader() {
      return leading ? id : notItself(owners[0]);
    },
    onLeading(tell) {
      leadingListeners.push(tell);
      if (leading) void tell(true);
    },
    async join() {
      const node = await leases.join(options.process);
      if (node === null) {
        throw new Error('As many gateways use this database as can at once: stop one of them first.');
      }
      return node;
    },
    async begin(to) {
      listener = to;
      begunAt = monotonic();
      beatNow();
      await beating;
      tellOthers();
    },
    beatNow,
    async beginLeaving() {
      if (isLeaving || closed) return;
      isLeaving = true;
      await leases.beginLeaving(id).catch(() => {});
      await letGo(owned.size);
    },
    async close() {
      if (closed) return;
      closed = true;
      next?.cancel();
      await beating;
      await leases
        .leave(id)
        .catch((error: unknown) =>
          log.warn({ err: error }, 'The database was not told that this gateway leaves.'),
        );
      tellOthers();
    },
  };

  /** What the store says of this process's own may be older than what it has let go of. */
  function notItself(owner: string | null | undefined): string | null {
    return owner === id ? null : (owner ?? null);
  }
}
