import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { newEvent, queue, record, retryAt } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

it('hundreds of calls at once share two commits: the first one has its own', async () => {
  const store = await places.open('shared', systemClock);
  const [delivery] = await queue(store.log, 'wh_1', 1);
  if (!delivery) throw new Error('nothing queued');
  const db = new DatabaseSync(join(places.dataDir('shared'), 'hookwire.db'), { readOnly: true });
  // Every commit with events leaves one row.
  const commits = (): number => Number(db.prepare('SELECT count(*) AS n FROM index_tail').get()?.n);
  const before = commits();
  await Promise.all([
    ...Array.from({ length: 700 }, () => store.log.append([newEvent(['wh_1'])])),
    record(store.log, delivery, retryAt(1)),
  ]);
  expect(commits() - before).toBe(2);
  db.close();
  await store.close();
});
