/** BullMQ on Redis. A user's service: `add` or `addBulk` on the way in, a worker that delivers. */
import { Queue, Worker } from 'bullmq';
import { concurrency, deliver } from './deliver.ts';
import { type Event, servePeer } from './peer.ts';
import { startRedis } from './redis.ts';

await servePeer(async (target, directory) => {
  const redis = await startRedis(directory);
  const connection = { host: redis.host, port: redis.port };
  const queue = new Queue<Event>('deliveries', {
    connection,
    defaultJobOptions: {
      attempts: 10,
      backoff: { type: 'exponential', delay: 5_000 },
      removeOnComplete: true,
      removeOnFail: false,
    },
  });
  const worker = new Worker<Event>('deliveries', (job) => deliver(target, `dlv_${job.id}`, job.data), {
    connection: { ...connection, maxRetriesPerRequest: null },
    concurrency,
  });
  return {
    store: (events) => {
      const [first] = events;
      return events.length === 1 && first
        ? queue.add('deliver', first)
        : queue.addBulk(events.map((data) => ({ name: 'deliver', data })));
    },
    async close() {
      await worker.close(true);
      await queue.close();
      await redis.close();
    },
  };
});
