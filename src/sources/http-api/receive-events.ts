import type { ErrorCode, HookwireError, InputError, MetLimit } from '../../core/errors.ts';
import type { IncomingEvent, Intake } from '../../intake/accept.ts';
import { parseEvent } from './parse-event.ts';

/** What became of one event of a call. `id` is `null` where it was rejected without one. */
export interface ReceivedItem {
  readonly id: string | null;
  readonly result: 'accepted' | 'duplicate' | 'rejected';
  readonly deliveries: number;
  readonly errors?: readonly InputError[];
  /** Why it was rejected, where sending it again helps: its account is at a limit. */
  readonly code?: ErrorCode;
  readonly limit?: MetLimit;
  readonly retryAfterSeconds?: number;
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
 * Rejects as {@link Intake.accept} does, and with `slow_down` where nothing was taken and something would be later.
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
    let refusal: HookwireError | null = null;
    results.forEach((result, i) => {
      const place = places[i] ?? 0;
      if (result.result === 'refused') {
        answer.rejected++;
        events[place] = refusedItem(incoming[i]?.ownId ?? null, result.error);
        refusal = laterOf(refusal, result.error);
        return;
      }
      if (result.result === 'accepted') answer.accepted++;
      else answer.duplicates++;
      events[place] = { id: result.eventId, result: result.result, deliveries: result.deliveries };
    });
    // Then the whole call may be sent again.
    if (refusal && answer.rejected === items.length) throw refusal;
    return { ...answer, events };
  };
}

function ownIdOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : null;
  return typeof id === 'string' ? id.slice(0, 128) : null;
}

/** The words are those of the item alone; what to do about it stands in the guide. */
function refusedItem(id: string | null, { code, limit, retryAfterSeconds }: HookwireError): ReceivedItem {
  const message = `The account is at its limit${limit ? ` ${limit.name} of ${limit.value}` : ''}; send it again later.`;
  return {
    id,
    result: 'rejected',
    deliveries: 0,
    errors: [{ path: 'accountId', message }],
    code,
    ...(limit && { limit }),
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
  };
}

function laterOf(one: HookwireError | null, other: HookwireError): HookwireError {
  return (one?.retryAfterSeconds ?? -1) >= (other.retryAfterSeconds ?? 0) ? (one ?? other) : other;
}
