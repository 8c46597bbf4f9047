import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCutText } from '../../../core/cut-event.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { endedOne, eraseThese, erasure, findAll, uniqueNumber } from '../../conformance/erasure/samples.ts';
import type { ErasureStore } from '../../ports/erasures.ts';
import { createPostgresDatabase } from '../sql/database.ts';
import { createLogPlaces } from '../testing/log-places.ts';
import { storeCipher } from '../testing/ordinary-places.ts';
import { createPostgresErasures } from './erasures.ts';

const places = createLogPlaces();
const clock = createManualClock();
let store: Awaited<ReturnType<typeof places.open>>;
let erasures: ErasureStore;
let pool: Pool;

beforeAll(async () => {
  store = await places.open('sent_meanwhile', clock);
  pool = store.pool;
  const database = createPostgresDatabase(pool);
  const numberKey = new Uint8Array(32).fill(7);
  erasures = createPostgresErasures({ pool, database, cipher: storeCipher, numberKey });
});
afterAll(async () => {
  await store.close();
  await places.remove();
});

describe('an event that is sent again while its person is erased', () => {
  it('is erased or waits, never both', async () => {
    const mobileNumber = uniqueNumber();
    const ended = [];
    for (let i = 0; i < 60; i++) ended.push(await endedOne(store, 'acc_1', { mobileNumber }));
    const of = erasure({ mobileNumber });
    const events = await findAll({ erasures }, of);
    expect(events).toHaveLength(60);
    const again = ended.map(({ delivery: { id, webhookId } }) =>
      store.log.requeueMany({
        ...{ webhookId, deliveryIds: [id], states: ['delivered'], ordered: false, now: clock.now() },
      }),
    );
    const [waiting, ...requeued] = await Promise.all([eraseThese({ erasures }, of, events), ...again]);
    const sent = requeued.flat().length;
    const { rows } = await pool.query<{ body: string; waits: boolean }>(
      'select body, exists (select from waiting w where w.event = e.seq) as waits from events e',
    );
    expect(rows.filter(({ waits }) => waits)).toHaveLength(sent);
    expect(waiting).toHaveLength(sent);
    expect(rows.every(({ body, waits }) => isCutText(body) !== waits)).toBe(true);
  });
});
