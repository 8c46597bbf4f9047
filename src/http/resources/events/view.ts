import type { History } from '../../../stores/ports/history.ts';
import { eventView } from '../../shapes/event.ts';
import { formatInstant } from '../../shapes/instants.ts';
import { deliveryView } from '../deliveries/view.ts';

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
