import type { LiveProcess, ShardLease } from '../stores/ports/shard-leases.ts';

/** Shards that came to this process, or left it. */
export interface ShardsListener {
  /** They are its own from now on. */
  taken(leases: readonly ShardLease[]): void;
  /**
   * It is to let go of them: for each, in this order, what resolves when nothing of it is under way any more. Another process takes
   * it then.
   */
  letGo(shards: readonly number[]): readonly Promise<void>[];
  /** They are another process's, or nobody's, since this one was silent for too long: what is under way does not count. */
  lost(shards: readonly number[]): void;
}

/** The processes that share a store, seen from one of them: who there is, and whose a webhook is. */
export interface Cluster {
  /** This process's id: a new one for each start. */
  readonly id: string;
  /** All that were heard of lately, itself among them. Without a cluster: itself alone. */
  readonly processes: readonly LiveProcess[];
  /**
   * The store has answered it nothing for as long as it may send without an answer: nothing is sent now, and who there is and what is
   * whose is as it was when the store answered last. Ends with the next answer.
   */
  readonly isCutOff: boolean;
  /** Whether deliveries of this webhook are this process's to send, now. */
  owns(webhookId: string): boolean;
  /** The process that owns it, as far as this one knows; `null`: nobody does, for a moment. */
  ownerOf(webhookId: string): string | null;
  /**
   * Whether what runs once in a cluster runs in this process: it owns shard 0. Moves to another one within a lease when this one
   * fails.
   */
  readonly leads: boolean;
  /** The process that leads, as far as this one knows; `null`: none, for a moment. */
  readonly leader: string | null;
  /**
   * Hears when this process begins to lead, and (with `false`) when it leads no more; called at once where it leads already. What a
   * listener gives back resolves when what was under way has ended: a process that hands over waits for that, some seconds at most,
   * before another one may lead.
   */
  onLeading(listener: (leads: boolean) => void | Promise<void>): void;
}
