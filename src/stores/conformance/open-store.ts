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
export type OpenPlace<Parts extends keyof OpenStore = keyof OpenStore> = (
  place: string,
  clock: Clock,
) => Promise<Pick<OpenStore, Parts | 'close'>>;

/** What the suite for logs needs: what became of a delivery is told by history. */
export type OpenLogPlace = OpenPlace<'log' | 'history'>;
export type OpenLogStore = Awaited<ReturnType<OpenLogPlace>>;
