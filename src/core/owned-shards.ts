import { shardOf } from './shards.ts';

/** Which webhooks' deliveries a process may send: all where it is alone on its store, else those of shards that it has leased. */
export interface OwnedShards {
  owns(webhookId: string): boolean;
  /**
   * What it records of the webhook counts under this epoch of its shard only, also while it lets go of it. `null`: no lease is
   * needed; `undefined`: it is another process's.
   */
  epochOf(webhookId: string): number | null | undefined;
  /** Numbers of events that this process accepted before it owned the webhook, nobody hands over to its couriers. */
  aboveOf(webhookId: string): number;
}

/** A shard that a process has taken. */
export interface TakenShard {
  readonly shard: number;
  readonly epoch: number;
  /** See {@link OwnedShards.aboveOf}. */
  readonly above: number;
}

/** The shards that a process has leased, as one of its threads knows them. */
export interface LeasedShards extends OwnedShards {
  take(shards: readonly TakenShard[]): void;
  /** It sends nothing more for them; what is under way is recorded. */
  letGo(shards: readonly number[]): void;
  /** Nothing is under way of it any more: where it has been let go of, and not taken again since, it is another process's. */
  left(shard: number): void;
  /** They are other processes' from now on. */
  leave(shards: readonly number[]): void;
}

/** Of a process that is alone on its store. @param above its numbers from before are this at most */
export function ownAll(above = 0): OwnedShards {
  return { owns: () => true, epochOf: () => null, aboveOf: () => above };
}

export function createLeasedShards(): LeasedShards {
  const taken = new Map<number, TakenShard>();
  const lettingGo = new Set<number>();
  const of = (webhookId: string): TakenShard | undefined => taken.get(shardOf(webhookId));
  return {
    owns(webhookId) {
      const shard = of(webhookId)?.shard;
      return shard !== undefined && !lettingGo.has(shard);
    },
    epochOf: (webhookId) => of(webhookId)?.epoch,
    aboveOf: (webhookId) => of(webhookId)?.above ?? Number.POSITIVE_INFINITY,
    take(shards) {
      for (const each of shards) {
        taken.set(each.shard, each);
        lettingGo.delete(each.shard);
      }
    },
    letGo(shards) {
      for (const shard of shards) lettingGo.add(shard);
    },
    left(shard) {
      if (lettingGo.delete(shard)) taken.delete(shard);
    },
    leave(shards) {
      for (const shard of shards) {
        taken.delete(shard);
        lettingGo.delete(shard);
      }
    },
  };
}
