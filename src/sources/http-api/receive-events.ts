import {
  type ErrorCode,
  type HookwireError,
  type InputError,
  type MetLimit,
  mostErrors,
} from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import { shown } from '../../core/shown.ts';
import type { IncomingEvent, Intake } from '../../intake/accept.ts';
import type { AppendResult } from '../../stores/ports/delivery-log.ts';
import { longestEventId } from './event-fields.ts';
import { parseEvent } from './parse-event.ts';

/**
 * What became of one event of a call. `id` is that of the event that a duplicate repeats; `null` where it was rejected
 * without one. A rejected one has no `errors`
 * where those before it have 50, or 12 KiB, already.
 */
export interface ReceivedItem {
  readonly id: string | null;
  readonly result: 'accepted' | 'duplicate' | 'rejected';
  readonly deliveries: number;
  /** It names a number that is no sender of its account. */
  readonly unmatched?: 'sender';
  /** A duplicate by its own id that is another report than the one that was taken. */
  readonly differs?: true;
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

/** What is known of accounts, asked for each event. */
export interface KnownWorld {
  hasAccount(accountId: string): boolean;
  /** Whether an event names a number that is no sender of its account. */
  isUnmatched(event: Event): boolean;
}

export type ReceiveEvents = (
  items: readonly unknown[],
  caller: { readonly accountId: string | null },
) => Promise<ReceiveAnswer>;

/** Of the errors of a call, as JSON: its 1,000 results have 47 KiB without them, and an answer is to stay below 64. */
const mostErrorBytes = 12 * 1024;

/**
 * Reads the items of a call one by one and hands the good ones in; a bad one does not hold up the others.
 * Rejects as {@link Intake.accept} does, and with `slow_down` where nothing was taken and something would be later.
 */
export function createReceiveEvents(
  intake: Pick<Intake, 'accept'>,
  { hasAccount, isUnmatched }: KnownWorld,
): ReceiveEvents {
  return async (items, caller) => {
    const told = createTold();
    const answer = { accepted: 0, duplicates: 0, rejected: 0 };
    const events: ReceivedItem[] = [];
    const incoming: IncomingEvent[] = [];
    const places: number[] = [];
    items.forEach((item, place) => {
      const context = { accountId: caller.accountId, hasAccount, mostErrors: told.left() };
      const outcome = parseEvent(item, context);
      if ('parsed' in outcome) {
        incoming.push(outcome.parsed);
        places.push(place);
      } else {
        answer.rejected++;
        const errors = told.take(outcome.errors);
        const rejected = { id: ownIdOf(item), result: 'rejected', deliveries: 0 } as const;
        events[place] = errors.length > 0 ? { ...rejected, errors } : rejected;
      }
    });
    const results = await intake.accept(incoming);
    let refusal: HookwireError | null = null;
    incoming.forEach(({ event, ownId }, i) => {
      const [place = 0, result] = [places[i], results[i]];
      if (!result) return;
      if (result.result === 'refused') {
        answer.rejected++;
        events[place] = refusedItem(ownId, result.error);
        refusal = laterOf(refusal, result.error);
        return;
      }
      if (result.result === 'accepted') answer.accepted++;
      else answer.duplicates++;
      events[place] = takenItem(result, isUnmatched(event));
    });
    // Then the whole call may be sent again.
    if (refusal && answer.rejected === items.length) throw refusal;
    return { ...answer, events };
  };
}

/** The errors that a call tells, over all of its events. */
function createTold() {
  let left = mostErrors;
  let bytes = 0;
  return {
    left: () => left,
    take(errors: readonly InputError[]): readonly InputError[] {
      const taken = errors.filter((error) => {
        bytes += Buffer.byteLength(JSON.stringify(error));
        return bytes <= mostErrorBytes;
      });
      left = bytes > mostErrorBytes ? 0 : left - taken.length;
      return taken;
    },
  };
}

function ownIdOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : null;
  if (typeof id !== 'string') return null;
  return id.length <= longestEventId ? id : shown(id);
}

function takenItem(result: AppendResult, isUnmatched: boolean): ReceivedItem {
  const { eventId: id, deliveries } = result;
  const unmatched = isUnmatched ? ({ unmatched: 'sender' } as const) : {};
  if (result.result === 'accepted') return { id, result: 'accepted', deliveries, ...unmatched };
  return { id, result: 'duplicate', deliveries, ...unmatched, ...(result.differs && { differs: true }) };
}

/** The words are those of the item alone; what to do about it stands in the guide. */
function refusedItem(id: string | null, { code, limit, retryAfterSeconds }: HookwireError): ReceivedItem {
  const reason = limit
    ? `The account is at its limit ${limit.name} of ${limit.value}`
    : 'Too much of the account waits to be written';
  const message = `${reason}; send it again later.`;
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
