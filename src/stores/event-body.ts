import type { Event, EventHead } from '../core/event.ts';
import { decodeEvent as decode, decodeEventHead as decodeHead, type EventOwner } from '../core/event-text.ts';
import { sequenceId } from '../core/ids.ts';

/**
 * What of a row of table `events` an event is made from. It crosses threads so, as text: a structured clone ends at 4,000
 * levels, and then takes the thread with it that cannot read the message.
 */
export interface EventText {
  readonly seq: number;
  readonly id: string | null;
  readonly account: string;
  readonly body: string;
}

/** A row of table `events`. */
export interface StoredEventRow extends EventText {
  readonly deliveries: number;
  /** When it was accepted, where its number does not say so. */
  readonly accepted_at: number | null;
}

/** The event of a row of table `events`. */
export function decodeEvent(row: EventText): Event {
  return decode(row.body, ownerOf(row));
}

/** The start of a body that has all but what may be long, whatever its values are: they have 2,200 characters at most. */
export const bodyStart = 16_384;

/**
 * {@link decodeEvent} without `attributes` and `message`, from the first {@link bodyStart} characters of the body: these
 * two stand last and have 250 KB. `null`: the start does not reach that far.
 */
export function decodeEventHead(row: EventText): EventHead | null {
  return decodeHead(row.body, row.body.length < bodyStart, ownerOf(row));
}

function ownerOf({ seq, id, account }: EventText): EventOwner {
  return { id: id ?? sequenceId('evt', seq), accountId: account };
}
