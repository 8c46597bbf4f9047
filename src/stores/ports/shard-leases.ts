/** What a process says of itself when it joins. */
export interface NewProcess {
  /** A new one for each start. */
  readonly id: string;
  /** For people: where it runs. */
  readonly name: string;
  readonly version: string;
  /** How much of the work it takes beside others. */
  readonly couriers: number;
}

/** A process that was heard of lately. */
export interface LiveProcess extends NewProcess {
  /** Its number among those that run at the same time; sequence numbers are its own by it. */
  readonly node: number;
  readonly startedAt: number;
  /** It takes no shards any more, and hands over what it has. */
  readonly isLeaving: boolean;
  /** Shards that it owns. */
  readonly shards: number;
}

/** A lease: what an owner records is taken only under the epoch in which it owns the shard. */
export interface ShardLease {
  readonly shard: number;
  /** Rises each time the shard gets another owner. */
  readonly epoch: number;
}

export interface Beat {
  /** All that it owns now, until the lease ends that begins with this call. */
  readonly owned: readonly ShardLease[];
  /** So many of them it has beyond its share: to be handed over as soon as nothing of them is under way. */
  readonly surplus: number;
  /** By shard: the process that owns it; `null`: nobody does. */
  readonly owners: readonly (string | null)[];
  /** When the first lease of another process ends unless that one is heard of until then, ms from now; `null`: others have none. */
  readonly othersEndInMs: number | null;
  /** It and the others. */
  readonly processes: readonly LiveProcess[];
}

/** The processes of one store and who of them owns which shards. All times are the store's own, so that no clock has to be right. */
export interface ShardLeases {
  /**
   * It has a number from now on, and has no share of the shards before its first beat.
   * @returns its node; `null` when as many run as there are numbers for
   */
  join(process: NewProcess): Promise<number | null>;
  /**
   * Keeps what the process owns for another lease, and takes shards that nobody owns, up to its share.
   * @param takesExpired also those whose owner was not heard of for a lease: not for a process that was away itself a moment ago, as
   *   the others may have been with it
   * @returns `null` when it was not heard of for so long that it counts as gone: nothing is its own any more
   */
  beat(id: string, takesExpired: boolean): Promise<Beat | null>;
  /** Hands shards over, as far as they are its own under these epochs; others take them at their next beat. */
  release(id: string, leases: readonly ShardLease[]): Promise<void>;
  /** It takes nothing more. */
  beginLeaving(id: string): Promise<void>;
  /** It is gone, and what it still owned is free. */
  leave(id: string): Promise<void>;
}
