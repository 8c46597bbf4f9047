import { hashOfId } from './courier-of.ts';

/**
 * Webhooks are spread over so many shards. A shard is the unit that one process of several owns: few enough to be leased in one
 * statement, many enough to be shared out evenly among dozens.
 */
export const shardCount = 256;

/**
 * The shard of a webhook, from 0; the same in every process and version. By another hash than that which chooses a courier within
 * a process, so that its couriers have as much to do as each other whichever shards it owns.
 */
export function shardOf(webhookId: string): number {
  // MurmurHash3's last step: alone, the hash's high bits hardly change with the last character.
  let hash = hashOfId(webhookId);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shardCount;
}

/** Of a process that owns shards: how much it can do beside others, in couriers. */
export interface ShardSharer {
  readonly id: string;
  readonly couriers: number;
}

/** How many shards each is to have: at least `floor`, and up to `ceil` of those that are left then. */
export interface ShardQuota {
  readonly floor: number;
  readonly ceil: number;
}

/**
 * A process's share of all shards, by its part of all couriers. Of those that are there together the floors fit, and the ceilings
 * leave nothing over.
 */
export function quotaOf(id: string, sharers: readonly ShardSharer[]): ShardQuota {
  const all = sharers.reduce((sum, { couriers }) => sum + couriers, 0);
  const own = sharers.find((sharer) => sharer.id === id)?.couriers ?? 0;
  if (own === 0) return { floor: 0, ceil: 0 };
  const exact = (shardCount * own) / all;
  return { floor: Math.floor(exact), ceil: Math.ceil(exact) };
}
