import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { courierOf } from './courier-of.ts';
import { quotaOf, shardCount, shardOf } from './shards.ts';

describe('shards', () => {
  it('have about as many webhooks each, and each courier about as many of any half of them', () => {
    // As random as ids are, and the same each time.
    const ids = Array.from(
      { length: 51_200 },
      (_, i) => `wh_${createHash('sha256').update(`${i}`).digest('hex').slice(0, 24)}`,
    );
    const counts = new Array<number>(shardCount).fill(0);
    const byCourier = [0, 0];
    for (const id of ids) {
      const shard = shardOf(id);
      counts[shard] = (counts[shard] ?? 0) + 1;
      if (shard % 2 === 0) byCourier[courierOf(id, 2)] = (byCourier[courierOf(id, 2)] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(120);
    expect(Math.max(...counts)).toBeLessThan(290);
    expect((byCourier[0] ?? 0) / (byCourier[1] ?? 1)).toBeCloseTo(1, 1);
  });

  it('of an id are the same in every version', () => {
    expect(['wh_1', 'wh_2', 'wh_0123456789abcdef'].map(shardOf)).toEqual([56, 161, 170]);
  });

  it('are shared out by couriers: the floors fit, the ceilings leave none over', () => {
    const sharers = fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 32 });
    fc.assert(
      fc.property(sharers, (couriers) => {
        const all = couriers.map((count, i) => ({ id: `p${i}`, couriers: count }));
        const quotas = all.map(({ id }) => quotaOf(id, all));
        const sum = (of: 'floor' | 'ceil'): number => quotas.reduce((total, quota) => total + quota[of], 0);
        expect(sum('floor')).toBeLessThanOrEqual(shardCount);
        expect(sum('ceil')).toBeGreaterThanOrEqual(shardCount);
      }),
    );
  });

  it('are none for who is not among them', () => {
    expect(quotaOf('p9', [{ id: 'p1', couriers: 2 }])).toEqual({ floor: 0, ceil: 0 });
  });
});
