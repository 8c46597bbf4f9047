import type { DatabaseSync } from 'node:sqlite';
import type { WriteTurns } from '../thread/write-turns.ts';
import { createLoads } from './load.ts';
import { createProbe } from './probe.ts';
import type { AnsweredCalls } from './protocol.ts';
import { createRequeueMany } from './requeue.ts';
import { createSkipDeliveries } from './skip-deliveries.ts';

/** What couriers ask of the store between commits. */
export function createStoreCalls(db: DatabaseSync, turns: WriteTurns): AnsweredCalls {
  const loads = createLoads(db);
  const requeueMany = createRequeueMany(db);
  const skipDeliveries = createSkipDeliveries(db);
  const probe = createProbe(db);
  return {
    loadPending: loads.pending,
    loadRetries: loads.retries,
    loadThese: loads.these,
    waiting: loads.waiting,
    requeueMany: (request) => turns.run(() => requeueMany(request)),
    skipWaiting: (webhookId, reason, now) => turns.run(() => loads.skipWaiting(webhookId, reason, now)),
    skipDeliveries: (...what) => turns.run(() => skipDeliveries(...what)),
    probe: () => turns.run(probe),
  };
}
