import type { Event, EventHead } from '../../../core/event.ts';
import { KeptJson } from '../../../core/kept-json.ts';
import type { History } from '../../../stores/ports/history.ts';
import { formatInstant, formatOptionalInstant } from '../../shapes/instants.ts';
import { deliveryView } from '../deliveries/view.ts';

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

type FoundEvent = NonNullable<Awaited<ReturnType<History['getEvent']>>>;

/** An event with its deliveries. */
export function eventDetailView({ event, acceptedAt, deliveries }: FoundEvent, isUnmatched: boolean) {
  return {
    ...eventView(event),
    unmatched: isUnmatched ? ('sender' as const) : null,
    acceptedAt: formatInstant(acceptedAt),
    deliveries: deliveries.map(deliveryView),
  };
}
