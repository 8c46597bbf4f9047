import type { InputError } from '../../core/errors.ts';
import type { IncomingEvent, Intake } from '../../intake/accept.ts';
import { parseEvent } from './parse-event.ts';

/** What became of one event of a call. `id` is `null` where it was rejected without one. */
export interface ReceivedItem {
  readonly id: string | null;
  readonly result: 'accepted' | 'duplicate' | 'rejected';
  readonly deliveries: number;
  readonly errors?: readonly InputError[];
}

/** The answer to `POST /v1/events`: `events` in the order given. */
export interface ReceiveAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly events: readonly ReceivedItem[];
}

export type ReceiveEvents = (
  items: readonly unknown[],
  caller: { readonly accountId: string | null },
) => Promise<ReceiveAnswer>;

/**
 * Reads the items of a call one by one and hands the good ones in; a bad one does not hold up the others.
 * Rejects as {@link Intake.accept} does.
 */
export function createReceiveEvents(
  intake: Intake,
  hasAccount: (accountId: string) => boolean,
): ReceiveEvents {
  return async (items, caller) => {
    const context = { accountId: caller.accountId, hasAccount };
    const answer = { accepted: 0, duplicates: 0, rejected: 0 };
    const events: ReceivedItem[] = [];
    const incoming: IncomingEvent[] = [];
    const places: number[] = [];
    items.forEach((item, place) => {
      const outcome = parseEvent(item, context);
      if ('parsed' in outcome) {
        incoming.push(outcome.parsed);
        places.push(place);
      } else {
        answer.rejected++;
        events[place] = { id: ownIdOf(item), result: 'rejected', deliveries: 0, errors: outcome.errors };
      }
    });
    const results = await intake.accept(incoming);
    results.forEach(({ eventId, result, deliveries }, i) => {
      if (result === 'accepted') answer.accepted++;
      else answer.duplicates++;
      events[places[i] ?? 0] = { id: eventId, result, deliveries };
    });
    return { ...answer, events };
  };
}

function ownIdOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : null;
  return typeof id === 'string' ? id.slice(0, 128) : null;
}
