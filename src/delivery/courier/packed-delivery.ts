import type { QueuedDelivery } from '../../core/delivery.ts';
import type { Event } from '../../core/event.ts';
import { encodeEvent } from '../../core/event-text.ts';
import { type EventLabel, storedEvent } from '../../core/stored-event.ts';

/** Reads the text of an event as the store keeps it. */
export type ReadEvent = (text: string, label: EventLabel) => Event;

/** A delivery with its event as text: a structured clone of an event ends at some 4,000 levels of nesting. */
export type PackedDelivery = Omit<QueuedDelivery, 'event' | 'text'> & {
  readonly event: EventLabel;
  readonly text: string;
};

/** The event of a delivery as the store keeps it. */
export function textOf({ text, event }: QueuedDelivery): string {
  return text ?? encodeEvent(event);
}

export function packDelivery(delivery: QueuedDelivery): PackedDelivery {
  const { id, accountId, product, reportType } = delivery.event;
  return { ...delivery, event: { id, accountId, product, reportType }, text: textOf(delivery) };
}

export function unpackDelivery(
  { text, event: label, ...delivery }: PackedDelivery,
  read: ReadEvent,
): QueuedDelivery {
  return { ...delivery, event: storedEvent(label, () => read(text, label)) };
}
