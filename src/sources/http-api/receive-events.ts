import {
  type ErrorCode,
  type HookwireError,
  type InputError,
  type MetLimit,
  mostErrors,
} from '../../core/errors.ts';
import type { EventDraft } from '../../core/event.ts';
import { shown } from '../../core/shown.ts';
import type { Intake } from '../../intake/accept.ts';
import type { AppendResult, IncomingEvent } from '../../stores/ports/delivery-log.ts';
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
  /** Why it was rejected, where sending it again helps: its account is at a limit, or too much waits to be written. */
  readonly code?: Extract<ErrorCode, 'slow_down' | 'overloaded'>;
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
  isUnmatched(event: EventDraft): boolean;
}

/** A call that was answered; instants are ms since the Unix epoch. */
export interface ReceivedCall {
  readonly items: readonly unknown[];
  /** `null`: an operator's call. */
  readonly accountId: string | null;
  readonly answer: ReceiveAnswer;
  readonly calledAt: number;
  readonly answeredAt: number;
  /** From the call to its answer: reading, matching, the commit; by a clock that is never set. */
  readonly durationMs: number;
}

/** Watches calls; whoever does not care about one of these leaves it out. Observers are cheap and do not throw. */
export interface ReceiveObserver {
  received?(call: ReceivedCall): void;
  /** Nothing of a call was taken. */
  refused?(): void;
}

/** Where the HTTP API hands in what it is sent. */
export interface EventReceiver {
  /**
   * Reads the items of a call one by one and hands the good ones in; a bad one does not hold up the others. Resolves when
   * what is accepted is on disk.
   * @param caller `accountId` of an account's key; `null` for an operator, who names the account in each event
   * @throws HookwireError as {@link Intake.accept} does, and `slow_down` where nothing was taken and something would be later
   */
  receive(items: readonly unknown[], caller: { readonly accountId: string | null }): Promise<ReceiveAnswer>;
  /** Why no event of this account would be taken right now, known before any is read; `null`: one may be. */
  refusal(accountId: string): HookwireError | null;
}

export interface EventReceiverOptions extends KnownWorld {
  readonly intake: Pick<Intake, 'accept' | 'refusal'>;
  readonly clock: { now(): number };
  readonly observers: readonly ReceiveObserver[];
}

/** Of the errors of a call, as JSON: its 1,000 results have 47 KiB without them, and an answer is to stay below 64. */
const mostErrorBytes = 12 * 1024;

export function createEventReceiver(options: EventReceiverOptions): EventReceiver {
  const { intake, clock, observers, hasAccount, isUnmatched } = options;

  function tellRefused(): void {
    for (const observer of observers) observer.refused?.();
  }

  async function handIn({ incoming, places, events, rejected }: ReadItems): Promise<ReceiveAnswer> {
    const answer = { accepted: 0, duplicates: 0, rejected };
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
    if (refusal && answer.rejected === events.length) throw refusal;
    return { ...answer, events };
  }

  return {
    async receive(items, { accountId }) {
      const calledAt = clock.now();
      const startedAt = performance.now();
      try {
        const answer = await handIn(readItems(items, accountId, hasAccount));
        const durationMs = performance.now() - startedAt;
        const call = { items, accountId, answer, calledAt, answeredAt: clock.now(), durationMs };
        for (const observer of observers) observer.received?.(call);
        return answer;
      } catch (error) {
        tellRefused();
        throw error;
      }
    },
    refusal(accountId) {
      const refusal = intake.refusal(accountId);
      if (refusal) tellRefused();
      return refusal;
    },
  };
}

/** The items of a call: those to hand in with their places in it, and the results of the others. */
interface ReadItems {
  readonly incoming: readonly IncomingEvent[];
  readonly places: readonly number[];
  /** As long as the call; what is handed in has no result yet. */
  readonly events: ReceivedItem[];
  readonly rejected: number;
}

function readItems(
  items: readonly unknown[],
  accountId: string | null,
  hasAccount: KnownWorld['hasAccount'],
): ReadItems {
  const told = createTold();
  const incoming: IncomingEvent[] = [];
  const places: number[] = [];
  const events = new Array<ReceivedItem>(items.length);
  items.forEach((item, place) => {
    const outcome = parseEvent(item, { accountId, hasAccount, mostErrors: told.left() });
    if ('parsed' in outcome) {
      incoming.push(outcome.parsed);
      places.push(place);
    } else {
      const errors = told.take(outcome.errors);
      const rejected = { id: ownIdOf(item), result: 'rejected', deliveries: 0 } as const;
      events[place] = errors.length > 0 ? { ...rejected, errors } : rejected;
    }
  });
  return { incoming, places, events, rejected: items.length - incoming.length };
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
    code: code === 'overloaded' ? code : 'slow_down',
    ...(limit && { limit }),
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
  };
}

function laterOf(one: HookwireError | null, other: HookwireError): HookwireError {
  return (one?.retryAfterSeconds ?? -1) >= (other.retryAfterSeconds ?? 0) ? (one ?? other) : other;
}
