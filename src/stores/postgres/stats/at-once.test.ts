import { afterAll, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { bucketMs, type StatsRow } from '../../ports/stats.ts';
import { createLogPlaces } from '../testing/log-places.ts';

const places = createLogPlaces();
afterAll(() => places.remove());

const midnight = Date.UTC(2026, 10, 22);
const webhooks = Array.from({ length: 40 }, (_, i) => `wh_${i}`);

it('sums what processes count of the same webhooks at once, while what is old is summed up', async () => {
  const clock = createManualClock();
  const processes = await Promise.all([places.open('at once', clock), places.open('at once', clock)]);
  const counts: Omit<StatsRow, 'webhookId' | 'from'> = {
    ...{ attempts: 3, delivered: 2, failed: 1, errors: [11, 1], durations: [4, 2, 9, 1], latencies: [7, 2] },
  };
  const rounds = 10;
  const work = processes.flatMap(({ stats }, process) =>
    Array.from({ length: rounds }, async (_, round) => {
      const rows = webhooks.map((webhookId) => ({
        ...{ webhookId, from: midnight + round * bucketMs.minute },
        ...counts,
      }));
      await stats.add(process === 0 ? rows : rows.toReversed());
      await stats.tidy({ minute: midnight + bucketMs.hour, hour: 0, day: 0 }, 50);
    }),
  );
  await Promise.all(work);
  const [{ stats }] = processes;
  while ((await stats.tidy({ minute: midnight + bucketMs.hour, hour: 0, day: 0 }, 1_000)) > 0);
  const range = { from: midnight, to: midnight + bucketMs.day, bucket: 'day' } as const;
  const times = rounds * processes.length;
  for (const webhookId of webhooks) {
    expect(await stats.read({ asker: null, webhookId, ...range })).toEqual([
      {
        ...{ webhookId, from: midnight, attempts: 3 * times, delivered: 2 * times, failed: times },
        ...{ errors: [11, times], durations: [4, 2 * times, 9, times], latencies: [7, 2 * times] },
      },
    ]);
  }
  for (const process of processes) await process.close();
});
