import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../../testing/manual-clock.ts';
import type { OpenStore } from '../../conformance/open-store.ts';
import { delivered, newEvent, queue, record, unique } from '../../conformance/samples.ts';
import { nothingHeld } from '../../ports/delivery-log.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

describe('when the disk refuses', () => {
  let store: OpenStore;
  let clock: ManualClock;
  let db: DatabaseSync;

  beforeAll(async () => {
    const place = unique('place');
    clock = createManualClock();
    store = await places.open(place, clock);
    db = new DatabaseSync(join(places.dataDir(place), 'hookwire.db'), { timeout: 10_000 });
  });
  afterAll(async () => {
    await store.close();
    db.close();
  });

  function refuse(table: 'events' | 'attempts' | 'index_tail'): void {
    db.exec(`CREATE TRIGGER refusal BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
  }
  const recover = (): void => db.exec('DROP TRIGGER refusal');

  it.each(['events', 'index_tail'] as const)(
    'at %s, an append rejects and nothing of it is stored',
    async (table) => {
      const [webhookId, ownId] = [unique('wh'), unique('own')];
      const entry = newEvent([webhookId], {}, ownId);
      const told: unknown[] = [];
      // What the test before stored may be told of after its append resolved.
      store.log.onAccepted((deliveries) =>
        told.push(...deliveries.filter((delivery) => delivery.webhookId === webhookId)),
      );
      refuse(table);
      const answers = await Promise.allSettled([
        store.log.append([entry]),
        store.log.append([newEvent([webhookId])]),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(answers[0]).toMatchObject({ reason: { message: expect.stringContaining('disk full') } });
      expect(store.log.queued).toBe(0);
      expect(await store.log.loadPending(webhookId, nothingHeld, 10)).toEqual([]);
      expect(told).toEqual([]);
      recover();
      expect(await store.log.append([entry])).toMatchObject([{ result: 'accepted' }]);
    },
  );

  it('an attempt waits and is recorded when the disk takes it again', async () => {
    const [delivery] = await queue(store.log, 'wh_1', 1);
    if (!delivery) throw new Error('nothing queued');
    refuse('attempts');
    let onDisk = false;
    const recorded = record(store.log, delivery, delivered).then(() => {
      onDisk = true;
    });
    await expect(store.log.append([newEvent(['wh_1'])])).resolves.toHaveLength(1);
    expect(await store.history.getDelivery(delivery.id)).toMatchObject({ state: 'pending' });
    expect(onDisk).toBe(false);
    recover();
    // It is tried again a second after the courier heard of the refusal, which is some turns after the append.
    while (!onDisk) {
      clock.advance(1_000);
      await setImmediate();
    }
    await recorded;
    expect(await store.history.getDelivery(delivery.id)).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('a close does not wait for ever: what is not recorded goes out again after the next start', async () => {
    const [delivery] = await queue(store.log, 'wh_left', 1);
    if (!delivery) throw new Error('nothing queued');
    refuse('attempts');
    void record(store.log, delivery, delivered);
    await store.close();
    expect(db.prepare("SELECT state FROM deliveries WHERE webhook = 'wh_left'").all()).toEqual([
      { state: 1 },
    ]);
  });
});
