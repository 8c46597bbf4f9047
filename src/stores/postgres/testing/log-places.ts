import { MessageChannel } from 'node:worker_threads';
import type { Clock } from '../../../core/clock.ts';
import { courierOf } from '../../../core/courier-of.ts';
import { type OwnedShards, ownAll } from '../../../core/owned-shards.ts';
import { joinLog } from '../../conformance/joined-log.ts';
import type { DeliveryLog } from '../../ports/delivery-log.ts';
import { createPostgresErasures } from '../erasure/erasures.ts';
import { createPostgresHistory } from '../history/history.ts';
import { createPostgresCourierLog } from '../log/courier-log.ts';
import { openPostgresEventLog } from '../log/event-log.ts';
import type { Sharing } from '../log/hand-over.ts';
import { createPool } from '../pool.ts';
import { createQuestions } from '../questions/questions.ts';
import { createPostgresRetention } from '../retention/retention.ts';
import { createPostgresDatabase } from '../sql/database.ts';
import { createPostgresStats } from '../stats/stats.ts';
import { createPostgresWatch } from '../watch/watch.ts';
import { createOrdinaryPlaces, storeCipher } from './ordinary-places.ts';

const numberKey = new Uint8Array(32).fill(7);

export interface OpenLogOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly couriers?: number;
  readonly node?: number;
  /** Where others are at work on the database; without: it is alone. */
  readonly sharing?: Sharing;
  readonly shards?: OwnedShards;
}

/** Whose webhooks are, by the events of the tests: in the directory they are not. */
const accounts = new Map<string, string>();

/** The log of one process on a database that has the schema, with its couriers in this thread. */
export async function openLog({ url, clock, couriers = 1, node = 3, sharing, shards }: OpenLogOptions) {
  const channels = Array.from({ length: couriers }, () => new MessageChannel());
  const pool = createPool({ url, most: 3, byIndex: true });
  const log = await openPostgresEventLog({
    ...{ pool, clock, node, numberKey },
    couriers: channels.map(({ port1 }) => port1),
    ...(sharing && { sharing }),
  });
  const pools = channels.map(() => createPool({ url, most: 1, byIndex: true }));
  const parts = channels.map(({ port2: port }, courier) =>
    createPostgresCourierLog({
      ...{ port, clock, node, shards: shards ?? ownAll(log.numbered) },
      pool: pools[courier] as typeof pool,
      findAccount: async (_client, webhookId) => accounts.get(webhookId) ?? null,
      isMine: (webhookId) => courierOf(webhookId, couriers) === courier,
    }),
  );
  const joined = joinLog(log, parts);
  const whole: DeliveryLog = {
    ...joined,
    append(events) {
      for (const { event, webhookIds } of events) {
        for (const webhookId of webhookIds) accounts.set(webhookId, event.accountId);
      }
      return joined.append(events);
    },
    get queued() {
      return log.queued;
    },
    async close() {
      await joined.close();
      await log.close();
      await Promise.all([pool, ...pools].map((each) => each.end()));
    },
  };
  return { log: whole, events: log, couriers: parts };
}

/** Places for logs and what reads them, a database each. */
export function createLogPlaces({ couriers = 1 } = {}) {
  const places = createOrdinaryPlaces();
  return {
    async open(place: string, clock: Clock) {
      const ordinary = await places.open(place, clock);
      const { pool } = ordinary;
      const url = pool.options.connectionString as string;
      const { log } = await openLog({ url, clock, couriers });
      const questions = createQuestions(pool);
      return {
        ...ordinary,
        log,
        history: createPostgresHistory({ questions, clock, numberKey }),
        stats: createPostgresStats(pool, questions),
        watch: createPostgresWatch(questions),
        erasures: createPostgresErasures({
          ...{ pool, database: createPostgresDatabase(pool), cipher: storeCipher, numberKey },
        }),
        retention: createPostgresRetention({ pool, numberKey, isBusy: () => false }),
        async close() {
          await log.close();
          await ordinary.close();
        },
      };
    },
    remove: () => places.remove(),
  };
}
