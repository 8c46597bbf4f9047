import type { DatabaseSync } from 'node:sqlite';
import { addStats } from '../stats/add.ts';
import { tidyStats } from '../stats/tidy.ts';

/**
 * What the desk thread does beside single statements, by name (`desk.call(name, argument)`). An operation runs to its end
 * before the next request; its argument and its result must survive a structured clone.
 */
export const operations: Record<string, (db: DatabaseSync, argument: never) => unknown> = {
  addStats,
  tidyStats,
};
