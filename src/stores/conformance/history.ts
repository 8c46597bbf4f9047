import { afterAll, beforeAll, describe } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { describeErasedMeanwhile } from './history/erased-meanwhile.ts';
import { describeEvents } from './history/events.ts';
import type { HistoryStore } from './history/history-store.ts';
import { describeLists } from './history/lists.ts';
import { describeSingle } from './history/single.ts';
import { describeWholeLists } from './history/whole-lists.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';

/** How every store answers questions about the past. */
export function historyConformance(name: string, open: OpenPlace<keyof HistoryStore>): void {
  describe(`${name}: history`, () => {
    const clock = createManualClock();
    let store: HistoryStore;
    beforeAll(async () => {
      store = await open('history', clock);
    });
    afterAll(() => store.close());

    describeLists(() => store, clock);
    describeSingle(() => store);
    describeEvents(() => store);
    describeWholeLists(() => store);
  });
}

/** The same while something is erased. */
export function historyErasureConformance(name: string, open: OpenPlace): void {
  describe(`${name}: history`, () => {
    let store: OpenStore;
    beforeAll(async () => {
      store = await open('history and erasure', createManualClock());
    });
    afterAll(() => store.close());

    describeErasedMeanwhile(() => store);
  });
}
