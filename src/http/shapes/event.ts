import { contentsOf } from '../../core/cut-event.ts';
import type { Event, EventFacts, EventHead } from '../../core/event.ts';
import { KeptJson } from '../../core/kept-json.ts';
import { formatOptionalInstant } from './instants.ts';

/** An event in the form of `POST /v1/events`, with what came in `attributes` and `message` as it came. */
export function eventView(event: Event) {
  const { id, accountId, ...report } = event;
  return { id, accountId, ...reportView(report), contents: contentsOf(event) };
}

export function reportView({ attributes, message, ...head }: EventFacts) {
  return {
    ...instantsShown(head),
    attributes: attributes === null ? null : new KeptJson(attributes),
    message: message === null ? null : new KeptJson(message),
  };
}

/** An event without what may be long. */
export function eventHeadView(event: EventHead) {
  const { id, accountId, ...head } = event;
  return { id, accountId, ...instantsShown(head), contents: contentsOf(event) };
}

/** A person's number, or what is known of one that is gone: `••••5678`. */
export function numberShown({ mobileNumber, cut }: Pick<EventHead, 'mobileNumber' | 'cut'>): string | null {
  return cut?.mobileNumber ? `••••${cut.mobileNumber.last4}` : mobileNumber;
}

function instantsShown(head: Omit<EventHead, 'id' | 'accountId'>) {
  const { receivedTime, sentTime, deliveredTime, readTime, cut: _cut, ...rest } = head;
  return {
    ...rest,
    mobileNumber: numberShown(head),
    receivedTime: formatOptionalInstant(receivedTime),
    sentTime: formatOptionalInstant(sentTime),
    deliveredTime: formatOptionalInstant(deliveredTime),
    readTime: formatOptionalInstant(readTime),
  };
}
