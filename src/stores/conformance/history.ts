import { afterAll, beforeAll, describe } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { describeEvents } from './history/events.ts';
import { describeLists } from './history/lists.ts';
import { describeSingle } from './history/single.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';

/** How every store answers questions about the past. */
export function historyConformance(name: string, open: OpenPlace): void {
  describe(`${name}: history`, () => {
    const clock = createManualClock();
    let store: OpenStore;
    beforeAll(async () => {
      store = await open('history', clock);
    });
    afterAll(() => store.close());

    describeLists(() => store, clock);
    describeSingle(() => store);
    describeEvents(() => store);
  });
}
