import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { eraseThese, erasure, findAll, uniqueNumber } from '../../conformance/erasure/samples.ts';
import type { OpenStore } from '../../conformance/open-store.ts';
import { cutAll } from '../../conformance/retention.ts';
import { appendTold, newEvent } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());
const day = 24 * 3_600_000;
const many = 3_000;
/** Longer than all takes. */
const mostMs = 60_000;

describe('a piece behind which a commit waits', () => {
  const clock = createManualClock();
  const mobileNumber = uniqueNumber();
  let store: OpenStore;
  beforeAll(async () => {
    store = await places.open('gives way', clock);
    await appendTold(
      store.log,
      Array.from({ length: many }, () => newEvent([], { mobileNumber })),
    );
  });
  afterAll(() => store.close());
  const append = () => store.log.append([newEvent([])]);

  it('of erasing ends at once, and without one it goes on', async () => {
    const of = erasure({ mobileNumber });
    await store.erasures.create(of);
    const events = await findAll(store, of);
    const piece = store.erasures.eraseEvents(of, events, 'events');
    const appended = append();
    const { done } = await piece;
    await appended;
    expect(done).toBeGreaterThan(0);
    const alone = await store.erasures.eraseEvents(of, events.slice(done), 'events');
    expect(alone.done).toBeGreaterThan(done);
    await eraseThese(store, of, events);
  });

  it('of cutting ends at once, and without one it goes on', async () => {
    await store.retention.keep({ ofAll: { payloadMs: day, logMs: null }, own: new Map() });
    clock.advance(2 * day);
    const piece = store.retention.cut({ now: clock.now(), mostMs });
    const appended = append();
    const { cut, isDone } = await piece;
    await appended;
    expect(isDone).toBe(false);
    expect(cut).toBeGreaterThan(0);
    const alone = await store.retention.cut({ now: clock.now(), mostMs });
    expect(alone.cut).toBe(many + 1 - cut);
    expect(await cutAll(store, clock.now())).toMatchObject({ cut: 0 });
  });
});
