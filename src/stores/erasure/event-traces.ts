import type { Event } from '../../core/event.ts';
import { numberHash } from '../../core/number-hash.ts';
import { fieldsOf } from '../../core/number-writings.ts';
import { hookwire } from '../../core/products/hookwire.ts';
import { createTraces, isNamedIn, type Sought, type Traces } from '../../core/traces.ts';
import { normalNumber } from '../../shared/normal-number.ts';
import type { ErasureLook } from '../ports/erasures.ts';

/** Of an event as it is stored what is looked through beside what it says. */
export interface StoredTexts {
  /** The id that its caller gave it. */
  readonly id: string | null;
  readonly body: string;
}

/**
 * The traces of a person, those in events that were cut included: these have a hash of the number.
 * @param numberKey the gateway's, asked for where a number is sought
 */
export function tracesOf(numberKey: () => Uint8Array, sought: Sought): Traces {
  const traces = createTraces(sought);
  if (!('mobileNumber' in sought)) return traces;
  const key = numberKey();
  const known = new Set(
    [...fieldsOf(normalNumber(sought.mobileNumber))].map((field) => numberHash(key, field)),
  );
  const wasTheirs = ({ cut }: Event): boolean =>
    cut?.mobileNumber != null && known.has(cut.mobileNumber.hash);
  return { ...traces, isTheirs: (event) => wasTheirs(event) || traces.isTheirs(event) };
}

/** Whether the event itself is looked at, and not only what was answered to it. */
export function isLookedAt({ product }: Event, look: ErasureLook): boolean {
  return look === 'events' || product === hookwire.id;
}

/** Whether something of an event itself is the person's: it is about them, or mentions them. */
export function hasTraces(stored: StoredTexts, event: Event, traces: Traces): boolean {
  if (isAbout(stored, event, traces)) return true;
  // In its text may be what only looks like theirs: a time, somebody's number that ends alike.
  return occursIn(traces, stored.body) && isNamedIn(event, traces);
}

/** Whether an event is about the person. */
export function isAbout({ id }: Pick<StoredTexts, 'id'>, event: Event, traces: Traces): boolean {
  return traces.isTheirs(event) || occursIn(traces, id);
}

export function occursIn({ occurIn }: Traces, text: unknown): boolean {
  return typeof text === 'string' && occurIn(text);
}
