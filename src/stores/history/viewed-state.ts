import type { DeliveryState } from '../../core/delivery.ts';
import { stateOf } from '../codes.ts';

/** A delivery that waited for its turn lies among the retries; nobody has tried it. */
export function viewedState({
  state,
  attempts,
}: {
  readonly state: number;
  readonly attempts: number;
}): DeliveryState {
  const stored = stateOf(state);
  return stored === 'retrying' && attempts === 0 ? 'pending' : stored;
}
