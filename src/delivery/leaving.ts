import type { Seat } from './seat.ts';

/** Seats of webhooks that were deleted while requests of theirs were under way. */
export interface Leaving {
  /** The seat's webhook was deleted. */
  add(seat: Seat): void;
  /** What became of one of a seat's deliveries is on disk. */
  landed(seat: Seat): void;
  /** Resolves when nothing is under way that was begun before the webhook was deleted. */
  gone(webhookId: string): Promise<void>;
  /** Nobody waits any longer. */
  end(): void;
}

export function createLeaving(): Leaving {
  const seats = new Set<Seat>();
  const waiting = new Map<string, PromiseWithResolvers<void>>();

  const has = (webhookId: string): boolean => [...seats].some(({ lane }) => lane.webhookId === webhookId);

  function release(webhookId: string): void {
    waiting.get(webhookId)?.resolve();
    waiting.delete(webhookId);
  }

  return {
    add(seat) {
      if (seat.inFlight > 0) seats.add(seat);
    },
    landed(seat) {
      if (seats.size === 0 || seat.inFlight > 0 || !seats.delete(seat)) return;
      const { webhookId } = seat.lane;
      if (!has(webhookId)) release(webhookId);
    },
    async gone(webhookId) {
      if (!has(webhookId)) return;
      const known = waiting.get(webhookId) ?? Promise.withResolvers<void>();
      waiting.set(webhookId, known);
      await known.promise;
    },
    end() {
      seats.clear();
      for (const webhookId of [...waiting.keys()]) release(webhookId);
    },
  };
}
