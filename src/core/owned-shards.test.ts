import { describe, expect, it } from 'vitest';
import { createLeasedShards, ownAll } from './owned-shards.ts';
import { shardOf } from './shards.ts';

const webhookId = 'wh_1';
const shard = shardOf(webhookId);

describe('the shards that a process has leased', () => {
  it('are its own from when it takes them until it lets go of them', () => {
    const shards = createLeasedShards();
    expect([shards.owns(webhookId), shards.epochOf(webhookId)]).toEqual([false, undefined]);
    shards.take([{ shard, epoch: 3, above: 96 }]);
    expect([shards.owns(webhookId), shards.epochOf(webhookId), shards.aboveOf(webhookId)]).toEqual([
      true,
      3,
      96,
    ]);
    shards.letGo([shard]);
    expect(shards.owns(webhookId)).toBe(false);
  });

  it('have what was sent recorded while it lets go of them, and nothing once it has', () => {
    const shards = createLeasedShards();
    shards.take([{ shard, epoch: 3, above: 0 }]);
    shards.letGo([shard]);
    expect(shards.epochOf(webhookId)).toBe(3);
    shards.leave([shard]);
    expect(shards.epochOf(webhookId)).toBeUndefined();
    shards.take([{ shard, epoch: 5, above: 128 }]);
    expect([shards.owns(webhookId), shards.epochOf(webhookId)]).toEqual([true, 5]);
  });
});

it('a process that is alone owns every webhook, without a lease', () => {
  const shards = ownAll(64);
  expect([shards.owns(webhookId), shards.epochOf(webhookId), shards.aboveOf(webhookId)]).toEqual([
    true,
    null,
    64,
  ]);
});
