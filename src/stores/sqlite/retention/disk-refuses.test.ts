import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { stateCode } from '../../codes.ts';
import { cutAll } from '../../conformance/retention.ts';
import { appendTold, delivered, newEvent, record } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());
const day = 24 * 3_600_000;
const minute = 60_000;

/** The disk takes all that a transaction writes, and refuses its commit. */
const refusal = `
  CREATE TABLE refused (id INTEGER PRIMARY KEY);
  CREATE TABLE refusals (id REFERENCES refused (id) DEFERRABLE INITIALLY DEFERRED);
  CREATE TRIGGER refuse_drop AFTER DELETE ON deliveries BEGIN INSERT INTO refusals VALUES (1); END;
  CREATE TRIGGER refuse_cut AFTER UPDATE ON attempts BEGIN INSERT INTO refusals VALUES (1); END;`;
const recovery =
  'DROP TRIGGER refuse_drop; DROP TRIGGER refuse_cut; DROP TABLE refusals; DROP TABLE refused;';

it.each([
  ['by its cursor', false],
  ['as one that was left, since it waited', true],
])('what a refused commit was to end is ended by the next, %s', async (_how, waits) => {
  const clock = createManualClock();
  const place = `refused ${waits}`;
  const store = await places.open(place, clock);
  const db = new DatabaseSync(join(places.dataDir(place), 'hookwire.db'), { timeout: 10_000 });
  const left = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  await store.retention.keep({ ofAll: { payloadMs: day, logMs: 3 * day }, own: new Map() });
  const told: QueuedDelivery[] = [];
  store.log.onAccepted((deliveries) => told.push(...deliveries));
  await appendTold(store.log, [newEvent(Array.from({ length: 220 }, (_, i) => `wh_${i}`))]);
  const end = (deliveries: readonly QueuedDelivery[]) =>
    Promise.all(deliveries.map((each) => record(store.log, each, delivered, { responseBody: 'OK' })));
  await end(told.slice(1));
  const refused = async (): Promise<void> => {
    db.exec(refusal);
    for (let i = 0; i < 2; i++)
      await expect(store.retention.cut({ now: clock.now(), mostMs: 0 })).rejects.toThrow('constraint');
    db.exec(recovery);
  };
  const withBody = () =>
    Number(db.prepare('SELECT count(*) AS n FROM attempts WHERE response_body IS NOT NULL').get()?.n);

  if (!waits) await end(told.slice(0, 1));
  clock.advance(day);
  if (waits) {
    expect((await cutAll(store, clock.now())).overdue).toHaveLength(1);
    await end(told.slice(0, 1));
    clock.advance(minute);
  }
  await refused();
  expect(withBody()).toBe(220);
  expect(await cutAll(store, clock.now(), 0)).toMatchObject({ cut: 1 });
  expect(withBody()).toBe(0);

  clock.advance(2 * day);
  if (waits) {
    const first = 'seq = (SELECT min(seq) FROM deliveries)';
    const state = Number(db.prepare(`SELECT state FROM deliveries WHERE ${first}`).get()?.state);
    const change = db.prepare(`UPDATE deliveries SET state = ? WHERE ${first}`);
    change.run(stateCode('pending'));
    expect((await cutAll(store, clock.now())).overdue).toHaveLength(1);
    change.run(state);
    clock.advance(minute);
  }
  const before = left('deliveries');
  await refused();
  expect(left('deliveries')).toBe(before);
  expect(await cutAll(store, clock.now(), 0)).toMatchObject({ dropped: 1 });
  expect(['events', 'deliveries', 'attempts'].map(left)).toEqual([0, 0, 0]);
  db.close();
  await store.close();
});
