/** graphile-worker on PostgreSQL, with the batching that its page on performance advises. */
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { Pool } from 'pg';
import { concurrency, deliver } from './deliver.ts';
import { type Event, servePeer } from './peer.ts';
import { startPostgres } from './postgres.ts';

const identifier = 'deliver';

await servePeer(async (target, directory) => {
  const postgres = await startPostgres(directory);
  const pgPool = new Pool({ connectionString: postgres.connectionString, max: 20 });
  // When everything is closed the server says goodbye to connections that the pool still holds.
  pgPool.on('error', () => {});
  pgPool.on('connect', (client) => client.on('error', () => {}));
  const logger = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  const runner = await run({
    pgPool,
    logger,
    noHandleSignals: true,
    taskList: {
      [identifier]: (payload, { job }) => deliver(target, `dlv_${job.id}`, payload as Event),
    },
    preset: {
      worker: {
        concurrentJobs: concurrency,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
  return {
    store: (events) => {
      const [first] = events;
      return events.length === 1
        ? utils.addJob(identifier, first)
        : utils.addJobs(events.map((payload) => ({ identifier, payload })));
    },
    async close() {
      await runner.stop();
      await utils.release();
      await pgPool.end();
      await postgres.close();
    },
  };
});
