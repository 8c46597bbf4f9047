import type { components } from '../api/schema.d.ts';
import classes from './state-badge.module.css';

export type DeliveryState = components['schemas']['Delivery']['state'];

const words: { readonly [S in DeliveryState]: string } = {
  pending: 'Pending',
  retrying: 'Retrying',
  delivered: 'Delivered',
  failed: 'Failed',
  skipped: 'Skipped',
};

/** The states in the order in which a list offers them. */
export const deliveryStates = Object.keys(words) as readonly DeliveryState[];

export function stateWord(state: DeliveryState): string {
  return words[state];
}

/** Where a delivery stands, as a word on its colour. */
export function StateBadge({ state }: { readonly state: DeliveryState }) {
  return (
    <span className={classes.badge} data-state={state}>
      {words[state]}
    </span>
  );
}
