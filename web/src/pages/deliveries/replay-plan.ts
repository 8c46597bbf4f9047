import type { DeliveryFilters, ReplayFilters } from '../../api/deliveries.ts';

export type ReplayState = ReplayFilters['state'];

export const replayStates = ['failed', 'skipped', 'delivered'] as const satisfies readonly ReplayState[];

/** Which deliveries a replay of what the filters find is about; `null`: those that go on by themselves. */
export function replayStateOf({ state = 'failed' }: DeliveryFilters): ReplayState | null {
  return replayStates.find((one) => one === state) ?? null;
}

/** Whether the gateway wants to be told since when: nothing else says what is meant. */
export function needsTime({ from, messageId, transactionId, mobileNumber }: DeliveryFilters): boolean {
  return (from ?? messageId ?? transactionId ?? mobileNumber) === undefined;
}

/** What is asked for: the filters of the list, with a state, and a beginning where one is needed. */
export function replayFilters(filters: DeliveryFilters, state: ReplayState, since: string): ReplayFilters {
  return { ...filters, state, ...(needsTime(filters) && { from: since }) };
}

/** How many were counted; `more`: and others. */
export interface Counted {
  readonly count: number;
  readonly more: boolean;
}

const number = new Intl.NumberFormat('en');

/** "37 failed deliveries", "more than 2,000 failed deliveries". */
export function countWords({ count, more }: Counted, state: ReplayState): string {
  const words = `${state} ${count === 1 && !more ? 'delivery' : 'deliveries'}`;
  if (count === 0) return more ? `${words} that were not counted yet` : `no ${words}`;
  return `${more ? 'more than ' : ''}${number.format(count)} ${words}`;
}
