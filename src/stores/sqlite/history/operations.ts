import type { DatabaseSync } from 'node:sqlite';
import { getDelivery, getEvent } from './get.ts';
import { listDeliveries } from './list-deliveries.ts';

/**
 * The questions about the past that the desk thread answers, by name (`desk.call(name, argument)`). An operation runs
 * to its end before the next request; its argument and its result must survive a structured clone.
 */
export const operations: Record<string, (db: DatabaseSync, argument: never) => unknown> = {
  listDeliveries,
  getDelivery,
  getEvent,
};
