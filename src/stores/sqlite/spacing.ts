import type { StoredEventRow } from '../event-body.ts';

/**
 * SQL: how far apart the numbers of an event's deliveries lie. Those of events that were accepted here follow each other; those of
 * events that were moved here keep their numbers, and others' lie between them.
 */
export const spacingColumn = 'coalesce(spacing, 1) AS spacing';

/** A row of table `events` with it. */
export interface SpacedRow extends StoredEventRow {
  readonly spacing: number;
}

/** What an event's row says of the numbers of its deliveries: `seq + spacing`, `seq + 2 · spacing` … */
export interface Numbering {
  readonly seq: number;
  readonly deliveries: number;
  readonly spacing: number;
}

/** Webhooks that one event goes to at most, and how far apart the numbers of its deliveries lie at most. */
const mostDeliveries = 10_000;
const mostSpacing = 32;
/** A delivery's number is that of its event plus at most so much. */
export const mostApart = mostDeliveries * mostSpacing;

/** SQL: that the column is the number of a delivery of event `?1`, which has `?2` of them, `?3` apart. */
export function isOfEvent(column: string): string {
  return `${column} > ?1 AND ${column} <= ?1 + ?2 * ?3 AND (${column} - ?1) % ?3 = 0`;
}

/** For {@link isOfEvent}. */
export function ofEvent({ seq, deliveries, spacing }: Numbering): [number, number, number] {
  return [seq, deliveries, spacing];
}
