import type { Lane } from './lanes/lane.ts';

/** Lanes of webhooks that were deleted, or went to another process, while requests of theirs were under way. */
export interface Leaving {
  /** The lane's webhook was deleted. */
  add(lane: Lane): void;
  /** What became of one of a lane's deliveries is on disk. */
  freed(lane: Lane): void;
  /** Resolves when nothing is under way that was begun before the webhook was deleted. */
  gone(webhookId: string): Promise<void>;
  /** The same of these webhooks. */
  quiet(isAsked: (webhookId: string) => boolean): Promise<void>;
  /** Nobody waits any longer. */
  end(): void;
}

export function createLeaving(): Leaving {
  const lanes = new Set<Lane>();
  const waiting = new Map<string, PromiseWithResolvers<void>>();

  const has = (webhookId: string): boolean => [...lanes].some((lane) => lane.webhookId === webhookId);

  function release(webhookId: string): void {
    waiting.get(webhookId)?.resolve();
    waiting.delete(webhookId);
  }

  async function gone(webhookId: string): Promise<void> {
    if (!has(webhookId)) return;
    const known = waiting.get(webhookId) ?? Promise.withResolvers<void>();
    waiting.set(webhookId, known);
    await known.promise;
  }

  return {
    add(lane) {
      if (lane.inFlight > 0) lanes.add(lane);
    },
    freed(lane) {
      if (lanes.size === 0 || lane.inFlight > 0 || !lanes.delete(lane)) return;
      const { webhookId } = lane;
      if (!has(webhookId)) release(webhookId);
    },
    gone,
    async quiet(isAsked) {
      const asked = [...lanes].map(({ webhookId }) => webhookId).filter(isAsked);
      await Promise.all(asked.map(gone));
    },
    end() {
      lanes.clear();
      for (const webhookId of [...waiting.keys()]) release(webhookId);
    },
  };
}
