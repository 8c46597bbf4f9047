import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { shardCount, shardOf } from '../core/shards.ts';
import type { Beat, ShardLease } from '../stores/ports/shard-leases.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createMembership, type Membership } from './membership.ts';

const leaseMs = 10_000;
const lease = (shard: number, epoch = 1): ShardLease => ({ shard, epoch });
const all = Array.from({ length: shardCount }, (_, shard) => lease(shard));

/** A store's answers, one after another; the last one for ever. */
type Answer = Partial<Beat> | null | Error;

/** A webhook of this shard. */
function webhookOf(shard: number): string {
  for (let n = 0; ; n++) if (shardOf(`wh_${n}`) === shard) return `wh_${n}`;
}

describe('one of the processes that share a store', () => {
  let clock: ManualClock;
  let answers: Answer[];
  let said: string[];
  let gone: string[];
  let node: number | null;
  let underWay: Map<number, PromiseWithResolvers<void>>;
  let refuses: boolean;
  /** Holds answers back, as a network does that loses everything. */
  let hanging: Promise<void> | null;
  let taking: boolean[];
  let membership: Membership;

  beforeEach(() => {
    clock = createManualClock();
    [answers, said, gone, node, underWay, refuses] = [[{ owned: all }], [], [], 3, new Map(), false];
    taking = [];
    hanging = null;
    membership = createMembership({
      ...{ clock, leaseMs, monotonic: clock.elapsed },
      process: { id: 'a', name: 'a.example.com', version: '1', couriers: 2 },
      onGone: ({ message }) => gone.push(message),
      tellOthers: () => void said.push('tells others'),
      leases: {
        join: async () => node,
        async beat(_, takesExpired) {
          said.push('beat');
          taking.push(takesExpired);
          await hanging;
          const answer = answers.length > 1 ? answers.shift() : answers[0];
          if (answer instanceof Error) throw answer;
          const nothing = { owned: [], surplus: 0, processes: [], owners: [], othersEndInMs: null };
          return answer ? { ...nothing, ...answer } : null;
        },
        async release(_, leases) {
          if (refuses) throw new Error('away');
          said.push(
            `releases ${leases.map(({ shard, epoch }) => (epoch === 1 ? shard : `${shard}/${epoch}`))}`,
          );
        },
        beginLeaving: async () => void said.push('begins to leave'),
        leave: async () => void said.push('leaves'),
      },
      log: { info() {}, warn: (_details, message) => void said.push(message) },
    });
  });

  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await setImmediate();
  };
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += leaseMs / 5) {
      clock.advance(Math.min(leaseMs / 5, ms - passed));
      await settle();
    }
  };
  const heard: string[] = [];
  let mayUntil = 0;
  async function begin(): Promise<void> {
    heard.splice(0);
    await membership.join();
    await membership.begin({
      taken: (leases) => void heard.push(`takes ${leases.map(({ shard }) => shard)}`),
      letGo(shards) {
        heard.push(`lets go of ${shards}`);
        return shards.map(async (shard) => await underWay.get(shard)?.promise);
      },
      lost: (shards) => void heard.push(`loses ${shards}`),
      maySend(since, forMs) {
        mayUntil = since + forMs;
      },
    });
  }

  it('takes what it is given at its first beat, beats five times a lease, and tells the others that it came', async () => {
    answers = [{ owned: [lease(4), lease(7)] }];
    await begin();
    expect(heard).toEqual(['takes 4,7']);
    expect(said).toEqual(['beat', 'tells others']);
    await pass(leaseMs);
    expect(said.filter((what) => what === 'beat')).toHaveLength(6);
    expect(heard).toEqual(['takes 4,7']);
  });

  it('beats when the lease of a silent process has just ended, before it is its turn', async () => {
    answers = [{ othersEndInMs: 9_000 }, { othersEndInMs: 700 }, { owned: all }];
    await begin();
    await pass(leaseMs / 5);
    const beats = (): number => said.filter((what) => what === 'beat').length;
    expect(beats()).toBe(2);
    clock.advance(700);
    await settle();
    expect(beats()).toBe(2);
    clock.advance(50);
    await settle();
    expect(beats()).toBe(3);
    expect(heard).toHaveLength(1);
    await pass(leaseMs / 5);
    expect(beats()).toBe(4);
  });

  it('does not begin where all numbers are given', async () => {
    node = null;
    await expect(membership.join()).rejects.toThrow('stop one of them first');
  });

  it('lets go of what it has beyond its share, shard 0 last, and releases it when nothing is under way', async () => {
    answers = [{ owned: all.slice(0, 4) }, { owned: all.slice(0, 4), surplus: 2 }];
    const [second, third] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    underWay.set(2, second).set(3, third);
    await begin();
    await pass(leaseMs / 5);
    expect(heard).toEqual(['takes 0,1,2,3', 'lets go of 3,2']);
    await pass(leaseMs / 5);
    expect([heard.length, said.filter((what) => what.startsWith('releases'))]).toEqual([2, []]);
    second.resolve();
    await settle();
    expect(said.slice(-2)).toEqual(['releases 2', 'tells others']);
    answers = [{ owned: all.slice(0, 2) }];
    third.resolve();
    await settle();
    expect(said).toContain('releases 3');
    expect(said.at(-1)).toBe('tells others');
    expect(heard).toHaveLength(2);
  });

  it('lets go of no more than that, when an answer is older than what it has handed over since', async () => {
    answers = [{ owned: all.slice(0, 4) }, { owned: all.slice(0, 4), surplus: 2 }];
    await begin();
    await pass((2 * leaseMs) / 5);
    expect(heard).toEqual(['takes 0,1,2,3', 'lets go of 3,2']);
  });

  it('hands over what the store did not hear of, when it hears again', async () => {
    answers = [
      { owned: all.slice(0, 2) },
      { owned: all.slice(0, 2), surplus: 1 },
      { owned: all.slice(0, 2) },
    ];
    refuses = true;
    await begin();
    await pass((2 * leaseMs) / 5);
    expect(said.at(-1)).toMatch(/^Shards could not be handed over/);
    expect(membership.owns(webhookOf(1))).toBe(false);
    refuses = false;
    await pass(leaseMs / 5);
    expect(said.slice(-2)).toEqual(['releases 1', 'tells others']);
    expect(heard).toEqual(['takes 0,1', 'lets go of 1']);
  });

  it('takes a shard again that it has handed over without having heard so', async () => {
    answers = [{ owned: all.slice(0, 2) }, { owned: all.slice(0, 2), surplus: 1 }];
    refuses = true;
    await begin();
    await pass(leaseMs / 5);
    answers = [{ owned: [lease(0), lease(1, 3)] }];
    await pass(leaseMs / 5);
    expect(heard).toEqual(['takes 0,1', 'lets go of 1', 'takes 1']);
    expect(said.filter((what) => what.startsWith('releases'))).toEqual([]);
    refuses = false;
    await pass(leaseMs / 5);
    expect(said.filter((what) => what.startsWith('releases'))).toEqual([]);
  });

  it('does not take again what it has let go of, by the answer to an earlier question', async () => {
    answers = [{ owned: all.slice(0, 2) }, { owned: all.slice(0, 2), surplus: 1 }];
    await begin();
    await pass(leaseMs / 5);
    expect(said).toContain('releases 1');
    answers = [{ owned: all.slice(0, 2) }];
    await pass(leaseMs / 5);
    expect(heard).toEqual(['takes 0,1', 'lets go of 1']);
    answers = [{ owned: [lease(0), lease(1, 3)] }];
    await pass(leaseMs / 5);
    expect(heard.at(-1)).toBe('takes 1');
  });

  it('loses what another has taken, and takes it under its new epoch when it comes back', async () => {
    answers = [{ owned: [lease(1), lease(2)] }, { owned: [lease(2)] }, { owned: [lease(1, 3), lease(2)] }];
    await begin();
    await pass((2 * leaseMs) / 5);
    expect(heard).toEqual(['takes 1,2', 'loses 1', 'takes 1']);
  });

  it('may send until shortly before its leases may end, and again when it was heard', async () => {
    await begin();
    const at = clock.elapsed();
    expect(mayUntil).toBe(at + leaseMs - 2_000);
    answers = [new Error('away')];
    await pass(3 * leaseMs);
    expect(mayUntil).toBe(at + leaseMs - 2_000);
    expect(said.filter((what) => what.startsWith('The database was not told'))).toHaveLength(1);
    answers = [{ owned: all }];
    await pass(leaseMs / 5);
    expect(mayUntil).toBe(clock.elapsed() + leaseMs - 2_000);
    expect(heard).toHaveLength(1);
  });

  it('is cut off from when it may send no more until a beat is answered', async () => {
    await begin();
    answers = [new Error('away')];
    await pass(leaseMs - 2_001);
    expect(membership.isCutOff).toBe(false);
    await pass(1);
    expect(membership.isCutOff).toBe(true);
    await pass(3 * leaseMs);
    expect(membership.isCutOff).toBe(true);
    answers = [{ owned: all }];
    await pass(leaseMs / 5);
    expect(membership.isCutOff).toBe(false);
  });

  it('is cut off while a beat is neither answered nor fails, and until one is answered in time', async () => {
    await begin();
    const held = Promise.withResolvers<void>();
    hanging = held.promise;
    clock.advance(leaseMs);
    expect(membership.isCutOff).toBe(true);
    held.resolve();
    await settle();
    await pass(leaseMs / 5);
    expect(membership.isCutOff).toBe(false);
  });

  it('is cut off where no beat was ever answered, and not before it was to beat', async () => {
    await pass(3 * leaseMs);
    expect(membership.isCutOff).toBe(false);
    answers = [new Error('away')];
    await begin();
    expect(membership.isCutOff).toBe(false);
    await pass(leaseMs);
    expect(membership.isCutOff).toBe(true);
  });

  it('takes what others seem to have left only when it has been heard of for a lease itself, since all may have been away', async () => {
    answers = [{ owned: [lease(1)] }, { owned: [lease(1)] }, new Error('away')];
    await begin();
    await pass(leaseMs);
    expect(taking.slice(0, 2)).toEqual([true, true]);
    answers = [{ owned: [lease(1)] }];
    taking = [];
    await pass(leaseMs + (2 * leaseMs) / 5);
    expect(taking).toEqual([false, false, false, false, false, true, true]);
  });

  it('ends where another one has its number, and beats no more', async () => {
    answers = [{ owned: all }, null];
    await begin();
    await pass(leaseMs);
    expect(gone).toEqual([expect.stringMatching(/^Another gateway has the number/)]);
    expect(clock.waiting).toBe(0);
  });

  it('leads while it owns shard 0, and knows who owns what', async () => {
    const leads: boolean[] = [];
    membership.onLeading((now) => void leads.push(now));
    const owners = Array.from({ length: shardCount }, (_, shard) => (shard < 2 ? 'a' : 'b'));
    answers = [
      { owned: [lease(0), lease(1)], owners },
      { owned: [lease(1)], owners: ['b', 'a'] },
    ];
    await begin();
    expect([membership.leads, membership.leader]).toEqual([true, 'a']);
    await pass(leaseMs / 5);
    expect([membership.leads, membership.leader, leads]).toEqual([false, 'b', [true, false]]);
  });

  it('has the next one lead when what runs once has ended here, or takes too long', async () => {
    answers = [{ owned: all.slice(0, 2) }];
    const leads: boolean[] = [];
    const ended = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    for (const each of ended)
      membership.onLeading((now) => {
        leads.push(now);
        return now ? undefined : each.promise;
      });
    await begin();
    const left = membership.beginLeaving();
    await settle();
    expect(leads).toEqual([true, true, false, false]);
    expect(said.filter((what) => what.startsWith('releases'))).toEqual(['releases 1']);
    ended[0]?.resolve();
    await settle();
    expect(said.filter((what) => what.startsWith('releases'))).toEqual(['releases 1']);
    clock.advance(5_000);
    await left;
    expect(said).toContain('releases 0');
  });

  it('lets go of all when it leaves, and takes nothing more', async () => {
    answers = [{ owned: all.slice(0, 3) }, { owned: all.slice(0, 3) }];
    await begin();
    await membership.beginLeaving();
    expect(said).toEqual(expect.arrayContaining(['begins to leave', 'releases 2,1', 'releases 0']));
    await membership.close();
    expect(said.slice(-2)).toEqual(['leaves', 'tells others']);
    expect(clock.waiting).toBe(0);
  });
});
