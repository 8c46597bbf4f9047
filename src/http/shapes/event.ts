import type { Event, EventHead } from '../../core/event.ts';
import { KeptJson } from '../../core/kept-json.ts';
import { formatOptionalInstant } from './instants.ts';

/** An event in the form of `POST /v1/events`, with what came in `attributes` and `message` as it came. */
export function eventView({ attributes, message, ...head }: Event) {
  return {
    ...eventHeadView(head),
    attributes: attributes === null ? null : new KeptJson(attributes),
    message: message === null ? null : new KeptJson(message),
  };
}

/** An event without what may be long. */
export function eventHeadView(event: EventHead) {
  const { receivedTime, sentTime, deliveredTime, readTime, ...rest } = event;
  return {
    ...rest,
    receivedTime: formatOptionalInstant(receivedTime),
    sentTime: formatOptionalInstant(sentTime),
    deliveredTime: formatOptionalInstant(deliveredTime),
    readTime: formatOptionalInstant(readTime),
  };
}
