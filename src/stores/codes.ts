import { type DeliveryState, deliveryStates, type ErrorClass, errorClasses } from '../core/delivery.ts';

/**
 * States and error classes are small numbers in the tables: the position in the list of `core/delivery.ts`, from 1.
 * The partial indexes in `migrations/002-deliveries.ts` name these numbers, so the lists only ever grow at their end.
 */
/**
 * A pending delivery that waits behind an earlier report of its message (`ordered`). To everybody outside of the store
 * it is pending.
 */
export const heldCode = 6;

export function stateCode(state: DeliveryState): number {
  return deliveryStates.indexOf(state) + 1;
}

export function stateOf(code: number): DeliveryState {
  const state = code === heldCode ? 'pending' : deliveryStates[code - 1];
  if (!state) throw new Error(`The database holds an unknown delivery state ${code}.`);
  return state;
}

export function errorClassCode(errorClass: ErrorClass | null): number | null {
  return errorClass === null ? null : errorClasses.indexOf(errorClass) + 1;
}

export function errorClassOf(code: number | null): ErrorClass | null {
  return code === null ? null : (errorClasses[code - 1] ?? null);
}
