import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import { courierOf } from '../../core/courier-of.ts';
import type { OwnedShards } from '../../core/owned-shards.ts';
import type { CourierLog } from '../ports/delivery-log.ts';
import { createPostgresCourierLog } from './log/courier-log.ts';
import { createPool } from './pool.ts';

/** What a courier's part of the log is opened with, as plain data beside its port. */
export interface CourierData {
  readonly url: string;
  /** As in `PoolOptions`. */
  readonly isPooled: boolean;
  /** Its end of the connection with the thread that stores events. */
  readonly port: MessagePort;
  /** As in `CourierLogOptions`. */
  readonly node: number;
  /** Which one it is, from 0, of how many. */
  readonly courier: number;
  readonly couriers: number;
}

/** A courier's part of the log with a connection of its own. */
export function openPostgresCourierLog(
  { url, isPooled, port, node, courier, couriers }: CourierData,
  clock: Clock,
  before: () => void,
  shards: OwnedShards,
): CourierLog {
  const pool = createPool({ url, most: 1, isPooled, byIndex: true });
  const log = createPostgresCourierLog({
    ...{ pool, port, clock, node, before, shards },
    isMine: (webhookId) => courierOf(webhookId, couriers) === courier,
  });
  return {
    ...log,
    async close() {
      await log.close();
      await pool.end();
    },
  };
}
