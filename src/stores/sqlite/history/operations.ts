import type { DatabaseSync } from 'node:sqlite';
import { addStats } from '../stats/add.ts';
import { readBacklog } from '../stats/backlog.ts';
import { readQueues } from '../stats/queues.ts';
import { readStats } from '../stats/read.ts';
import { tidyStats } from '../stats/tidy.ts';
import { readTotals } from '../stats/totals.ts';
import { readWaitingByAccount } from '../stats/waiting-by-account.ts';
import { listDeliveryIds, statesOfDeliveries } from './brief.ts';
import { findEvents } from './find-events.ts';
import { getDelivery, getEvent } from './get.ts';
import { listDeliveries } from './list-deliveries.ts';

/**
 * What the desk thread does beside single statements, by name (`desk.call(name, argument)`): questions about the past,
 * statistics. An operation runs to its end before the next request; its argument and its result must survive a
 * structured clone.
 */
export const operations: Record<string, (db: DatabaseSync, argument: never) => unknown> = {
  listDeliveries,
  listDeliveryIds,
  statesOfDeliveries,
  findEvents,
  getDelivery,
  getEvent,
  addStats,
  readStats,
  readTotals,
  tidyStats,
  readBacklog,
  readQueues,
  readWaitingByAccount,
};
