import { afterAll, beforeAll, describe } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { describeAppend } from './delivery-log/append.ts';
import { describeChanges } from './delivery-log/changes.ts';
import { describeClock } from './delivery-log/clock.ts';
import { describeInOrder } from './delivery-log/in-order.ts';
import { describeLargeCalls } from './delivery-log/large-calls.ts';
import { describeLoads } from './delivery-log/loads.ts';
import { describeReopen } from './delivery-log/reopen.ts';
import { describeRequeueInOrder, describeRequeueMany } from './delivery-log/requeue-many.ts';
import { describeSameEvent } from './delivery-log/same-event.ts';
import type { OpenLogPlace, OpenLogStore } from './open-store.ts';

/** What every store's delivery log does. The tests share one store and keep apart by their webhooks and messages. */
export function deliveryLogConformance(name: string, open: OpenLogPlace): void {
  describe(`${name}: delivery log`, () => {
    let store: OpenLogStore;
    beforeAll(async () => {
      store = await open('shared', systemClock);
    });
    afterAll(() => store.close());

    describeAppend(() => store.log);
    describeSameEvent(() => store.log, open);
    describeLargeCalls(() => store.log);
    describeLoads(() => store.log);
    describeChanges(() => store);
    describeRequeueMany(() => store);
    describeReopen(open);
    describeClock(open);
    describeInOrder(open);
    describeRequeueInOrder(open);
  });
}
