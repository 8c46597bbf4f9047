import { encodeCut, eraseEvent } from '../../core/cut-event.ts';
import type { Event } from '../../core/event.ts';
import { encodeEvent } from '../../core/event-text.ts';
import { hideTraces, type Traces } from '../../core/traces.ts';
import { occursIn } from './event-traces.ts';

/** What is stored in place of an event. */
export interface ErasedEvent {
  /** The id that its caller gave it; `null` where that names the person. */
  readonly id: string | null;
  readonly body: string;
}

/** An event about the person, of which kind, status and times stay. @param id the one that its caller gave it */
export function erasedOfThem(id: string | null, event: Event, traces: Traces): ErasedEvent {
  const hidden = hideTraces(event, traces);
  const erased = eraseEvent({ ...hidden, messageId: '', transactionId: null });
  return { id: occursIn(traces, id) ? null : id, body: encodeCut(erased) };
}

/** The text of an event about somebody else, without the places where the person is named. */
export function bodyWithout(event: Event, traces: Traces): string {
  const hidden = hideTraces(event, traces);
  return hidden.cut ? encodeCut(hidden) : encodeEvent(hidden);
}
