import { nodeStride } from '../../core/node-sequence.ts';

/**
 * SQL: how far apart the numbers of an event's deliveries lie, of the table `events` or of its name there. Those of events that
 * were accepted here lie {@link nodeStride} apart; those that were moved here from another store keep their numbers.
 */
export function spacingOf(table?: string): string {
  return `coalesce(${table === undefined ? '' : `${table}.`}spacing, ${nodeStride})`;
}

/** What an event's row says of the numbers of its deliveries: `seq + spacing`, `seq + 2 · spacing` … */
export interface Numbering {
  readonly seq: number;
  readonly deliveries: number;
  readonly spacing: number;
}

/** The numbers of an event's deliveries, in their order. */
export function deliveryNumbersOf({ seq, deliveries, spacing }: Numbering): number[] {
  return Array.from({ length: deliveries }, (_, place) => seq + spacing * (place + 1));
}

/** The number of an event's last delivery; where it has none, its own. */
export function lastDeliveryOf({ seq, deliveries, spacing }: Numbering): number {
  return seq + spacing * deliveries;
}
