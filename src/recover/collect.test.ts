import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AttemptRecord } from '../core/delivery.ts';
import { parseSequenceId } from '../core/ids.ts';
import { replayableStates } from '../stores/ports/tasks.ts';
import { collect } from './collect.ts';
import type { Watcher } from './outstanding.ts';
import { openReplayStage } from './testing/replay-stage.ts';
import { createWebhookReplay } from './webhook-replay.ts';

const forms = fc.array(
  fc.record({
    state: fc.constantFrom('failed', 'skipped', 'delivered', 'retrying'),
    apart: fc.constantFrom(1, 3, 4096, 10_000),
  }),
  { maxLength: 60 },
);

it('counts what matches behind a place, and brings the oldest of it in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      forms,
      fc.subarray([...replayableStates], { minLength: 1 }),
      fc.nat(70),
      fc.integer({ min: 1, max: 70 }),
      async (made, states, behind, most) => {
        const stage = openReplayStage();
        const ids = made.flatMap(({ state, apart }) => stage.add('wh_1', 1, state, apart));
        const sequences = ids.map((id) => parseSequenceId('dlv', id) ?? 0);
        const after = sequences[behind] ?? 0;
        const expected = sequences.filter(
          (sequence, i) => sequence > after && states.some((state) => state === made[i]?.state),
        );
        const found = await collect((filter, page) => stage.listDeliveryIds(filter, { ...page, limit: 7 }), {
          filter: { accountId: 'acc_1', webhookId: 'wh_1' },
          states,
          after,
          most,
          isStopped: () => false,
        });
        expect(found.count).toBe(expected.length);
        expect([...found.oldest]).toEqual(expected.slice(0, most));
      },
    ),
  );
});

it('stops between two pages', async () => {
  const stage = openReplayStage();
  stage.add('wh_1', 20);
  let pages = 0;
  await collect(
    (filter, page) => {
      pages++;
      return stage.listDeliveryIds(filter, { ...page, limit: 5 });
    },
    {
      filter: { accountId: 'acc_1', webhookId: 'wh_1' },
      states: ['failed'],
      after: 0,
      most: 100,
      isStopped: () => pages === 2,
    },
  );
  expect(pages).toBe(2);
});

it('is asked again for more than memory may hold, until all is sent once', async () => {
  const stage = openReplayStage();
  stage.addWebhook('wh_1');
  const ids = stage.add('wh_1', 95);
  const counts = { done: 0, failed: 0, skipped: 0 };
  const watchers = new Map<string, Watcher>();
  const replay = createWebhookReplay({
    ...stage.context(),
    watchers,
    task: { accountId: 'acc_1', filter: {}, states: ['failed'] },
    progress: { webhookId: 'wh_1', after: null, outstanding: [], queueing: [] },
    inMemory: 20,
    outstandingAtOnce: 8,
    count(outcome, deliveries) {
      counts[outcome] += deliveries;
    },
    changed: () => {},
    save: async () => undefined,
  });
  await replay.collect();
  const running = replay.run();
  for (let sent = 0; sent < ids.length; ) {
    await stage.settle();
    for (; sent < stage.requeued.length; sent++) {
      const id = stage.requeued[sent] ?? '';
      watchers
        .get(id)
        ?.heard({ deliveryId: id, manual: true, after: { state: 'delivered' } } as AttemptRecord);
    }
    expect(replay.open + counts.done).toBe(95);
  }
  await running;
  expect(stage.requeued).toEqual(ids);
  expect(counts).toEqual({ done: 95, failed: 0, skipped: 0 });
});
