import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import type { OpenStore } from '../../conformance/open-store.ts';
import { cutAll } from '../../conformance/retention.ts';
import { appendTold, newEvent } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());
const day = 24 * 3_600_000;
const many = 3_000;
const mostRounds = 10;
/** Longer than all takes. */
const mostMs = 60_000;

describe('a piece of cutting behind which a commit waits', () => {
  const clock = createManualClock();
  let store: OpenStore;
  beforeAll(async () => {
    store = await places.open('gives way', clock);
    await store.retention.keep({ ofAll: { payloadMs: day, logMs: null }, own: new Map() });
  });
  afterAll(() => store.close());

  it('ends at once, and without one it goes on', async () => {
    // This thread may be interrupted between the two calls for longer than a whole piece takes.
    for (let isDone = true, rounds = 1; isDone; rounds++) {
      expect(rounds).toBeLessThan(mostRounds);
      await appendTold(
        store.log,
        Array.from({ length: many }, () => newEvent([])),
      );
      clock.advance(2 * day);
      const piece = store.retention.cut({ now: clock.now(), mostMs });
      const appended = store.log.append([newEvent([])]);
      const behind = await piece;
      await appended;
      isDone = behind.isDone;
      expect(behind.cut).toBeGreaterThan(0);
      const alone = await store.retention.cut({ now: clock.now(), mostMs });
      // And the one of the round before, behind it.
      expect(behind.cut + alone.cut).toBe(many + (rounds > 1 ? 1 : 0));
      expect(await cutAll(store, clock.now())).toMatchObject({ cut: 0 });
    }
  });
});
