import type { WebhookRegistry } from '../routing/registry.ts';
import { type Seat, type SeatContext, takeSeat } from './seat.ts';

/** The seats of all webhooks that something came for. */
export interface Seats extends Iterable<Seat> {
  /** Takes one where there is none; `undefined` for a webhook that was deleted meanwhile. */
  of(webhookId: string): Seat | undefined;
  /** `undefined` where nothing came yet. */
  known(webhookId: string): Seat | undefined;
  /** What was known of a webhook before a restart says nothing any more. */
  forget(webhookId: string): void;
  /** It still belongs to a webhook. */
  isCurrent(seat: Seat): boolean;
  /** Its webhook was deleted. What is under way ends by itself. */
  remove(webhookId: string): void;
}

export interface SeatsContext extends SeatContext {
  readonly registry: Pick<WebhookRegistry, 'get'>;
  /** A seat's alarm rings. */
  wake(seat: Seat): void;
}

export function createSeats({ registry, wake, ...context }: SeatsContext): Seats {
  const seats = new Map<string, Seat>();

  return {
    of(webhookId) {
      const known = seats.get(webhookId);
      if (known) return known;
      const registered = registry.get(webhookId);
      if (!registered) return undefined;
      const seat = takeSeat(registered, wake, context);
      seats.set(webhookId, seat);
      return seat;
    },
    known: (webhookId) => seats.get(webhookId),
    forget: (webhookId) => void context.known.delete(webhookId),
    isCurrent: (seat) => seats.get(seat.lane.webhookId) === seat,
    remove(webhookId) {
      const seat = seats.get(webhookId);
      if (!seat) return;
      seats.delete(webhookId);
      seat.alarm.set(null);
      seat.lane.clear();
      seat.holder.close();
    },
    [Symbol.iterator]: () => seats.values(),
  };
}
