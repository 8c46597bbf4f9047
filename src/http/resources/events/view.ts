import type { KeptUntil } from '../../../core/keeping.ts';
import type { StoredEvent } from '../../../stores/ports/history.ts';
import { keptUntilView } from '../../shapes/contents.ts';
import { eventView } from '../../shapes/event.ts';
import { formatInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import { deliveryView } from '../deliveries/view.ts';
import type { eventDetail } from './schema.ts';

/** An event with its deliveries. */
export function eventDetailView(
  { event, acceptedAt, deliveries }: StoredEvent,
  keptUntil: KeptUntil,
  isUnmatched: boolean,
): ViewOf<typeof eventDetail> {
  return {
    ...eventView(event),
    unmatched: isUnmatched ? ('sender' as const) : null,
    ...keptUntilView(keptUntil),
    acceptedAt: formatInstant(acceptedAt),
    deliveries: deliveries.map(deliveryView),
  };
}
