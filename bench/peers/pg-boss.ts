/** pg-boss on PostgreSQL. Its `work` API does some hundreds a second; fetching by the hundred is what its speed needs. */
import { PgBoss } from 'pg-boss';
import { deliver } from './deliver.ts';
import { type Event, servePeer } from './peer.ts';
import { startPostgres } from './postgres.ts';

const name = 'deliveries';
const fetchSize = 500;
/** One fetches and completes while the other delivers. */
const loops = 2;
const idleMs = 20;

await servePeer(async (target, directory) => {
  const postgres = await startPostgres(directory);
  const boss = new PgBoss({ connectionString: postgres.connectionString, max: 10, schedule: false });
  let stopping = false;
  boss.on('error', (error) => {
    // While everything is closed the server says goodbye to connections that the pool still holds.
    if (!stopping) process.stderr.write(`pg-boss: ${error.message}\n`);
  });
  await boss.start();
  await boss.createQueue(name, { retryLimit: 10, retryDelay: 5, retryBackoff: true });

  async function work(): Promise<void> {
    while (!stopping) {
      const jobs = await boss.fetch<Event>(name, { batchSize: fetchSize });
      if (jobs.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, idleMs));
        continue;
      }
      const results = await Promise.allSettled(jobs.map((job) => deliver(target, `dlv_${job.id}`, job.data)));
      const ids = (status: 'fulfilled' | 'rejected'): string[] =>
        jobs.filter((_, i) => results[i]?.status === status).map(({ id }) => id);
      const [done, failed] = [ids('fulfilled'), ids('rejected')];
      if (done.length > 0) await boss.complete(name, done);
      if (failed.length > 0) await boss.fail(name, failed);
    }
  }

  const working = Promise.all(Array.from({ length: loops }, work));
  return {
    store: (events) => {
      const [first] = events;
      return events.length === 1 && first
        ? boss.send(name, first)
        : boss.insert(
            name,
            events.map((data) => ({ data })),
          );
    },
    async close() {
      stopping = true;
      await working;
      await boss.stop({ graceful: false });
      await postgres.close();
    },
  };
});
