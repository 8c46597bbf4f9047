import type { Clock } from '../../core/clock.ts';
import type { DeliveryLog } from '../ports/delivery-log.ts';
import type { Store } from '../ports/store.ts';

/** The store under test, with the log in one piece: the couriers' share of it too. */
export interface OpenStore extends Omit<Store, 'log'> {
  readonly log: DeliveryLog;
}

/**
 * Opens a store of the kind under test. A new place is empty; a place that was closed is opened again with what it
 * held.
 */
export type OpenPlace = (place: string, clock: Clock) => Promise<OpenStore>;
