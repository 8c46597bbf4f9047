import type { Event, EventFacts, EventHead } from '../../core/event.ts';
import { KeptJson } from '../../core/kept-json.ts';
import { formatOptionalInstant } from './instants.ts';

/** An event in the form of `POST /v1/events`, with what came in `attributes` and `message` as it came. */
export function eventView({ id, accountId, ...report }: Event) {
  return { id, accountId, ...reportView(report) };
}

export function reportView({ attributes, message, ...head }: EventFacts) {
  return {
    ...instantsShown(head),
    attributes: attributes === null ? null : new KeptJson(attributes),
    message: message === null ? null : new KeptJson(message),
  };
}

/** An event without what may be long. */
export function eventHeadView({ id, accountId, ...head }: EventHead) {
  return { id, accountId, ...instantsShown(head) };
}

function instantsShown(head: Omit<EventHead, 'id' | 'accountId'>) {
  const { receivedTime, sentTime, deliveredTime, readTime, ...rest } = head;
  return {
    ...rest,
    receivedTime: formatOptionalInstant(receivedTime),
    sentTime: formatOptionalInstant(sentTime),
    deliveredTime: formatOptionalInstant(deliveredTime),
    readTime: formatOptionalInstant(readTime),
  };
}
