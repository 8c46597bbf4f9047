import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QueuedDelivery } from '../../core/delivery.ts';
import type { QueuePlace } from '../../stores/ports/delivery-log.ts';
import { testDelivery } from '../testing/deliveries.ts';
import { openLane } from '../testing/lanes.ts';
import { laneWindow, smallWindow } from './memory.ts';

const step = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 50 }).map((append) => ({ append })) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map((answer) => ({ answer })) },
  { weight: 2, arbitrary: fc.nat({ max: 60 }).map((take) => ({ take })) },
);

/**
 * The store answers one question after another, as the port says: what was appended before a load is in its answer and
 * was told of; what comes after is told of later.
 */
it('a lane that overflows gives every delivery exactly once and in order, however appends and loads interleave', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(step, { maxLength: 120 }), (asked, steps) => {
      const lane = openLane();
      const stored: QueuedDelivery[] = [];
      const questions: ({ append: QueuedDelivery[] } | { after: QueuePlace | null })[] = [];
      const taken: string[] = [];
      let made = 0;

      const load = (): void => {
        if (!lane.wantsPending(laneWindow)) return;
        lane.backlog.loadingPending = true;
        questions.push({ after: lane.backlog.lastPlace });
      };
      const answer = (): void => {
        const question = questions.shift();
        if (!question) return;
        if ('append' in question) {
          stored.push(...question.append);
          for (const delivery of question.append) lane.backlog.tell(delivery, smallWindow);
        } else {
          const after = question.after?.id ?? '';
          const some = stored.filter(({ id }) => id > after).slice(0, asked);
          lane.backlog.loadedPending(some, some.length < asked);
        }
        load();
      };
      const take = (): boolean => {
        const [delivery] = lane.take(0);
        if (!delivery) return false;
        lane.underWay--;
        taken.push(delivery.id);
        load();
        return true;
      };

      for (const action of steps) {
        if ('append' in action) {
          questions.push({ append: Array.from({ length: action.append }, () => testDelivery(made++)) });
        } else if ('answer' in action) for (let i = 0; i < action.answer; i++) answer();
        else for (let i = 0; i < action.take; i++) take();
      }
      while (questions.length > 0 || take()) answer();
      expect(taken).toEqual(stored.map(({ id }) => id));
      expect(stored).toHaveLength(made);
    }),
    { numRuns: 200 },
  );
});
