import { describe, expect, it } from 'vitest';
import { testWebhook } from '../../testing/factories.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { OpenPlace } from './open-store.ts';
import { delivered, newEvent, queue, record, retryAt } from './samples.ts';

/** What every store tells of itself. */
export function watchConformance(name: string, openPlace: OpenPlace<'watch' | 'directory' | 'log'>): void {
  describe(`${name}: figures`, () => {
    it('tell what waits, and since when the oldest waits that may be sent', async () => {
      const clock = createManualClock();
      const store = await openPlace('watch', clock);
      expect(await store.watch.figures()).toMatchObject({ waiting: 0, oldestPendingAt: null });

      await store.directory.createAccount({ id: 'acc_1', name: 'Acme', createdAt: 0 });
      const secret = { secret: 'whsec_1', expiresAt: null };
      for (const id of ['wh_off', 'wh_on']) await store.directory.createWebhook(testWebhook({ id }), secret);
      await store.directory.setWebhookStatus('wh_off', 'disabled', 'gone', 0);
      await store.log.append([newEvent(['wh_off'])]);
      clock.advance(1_000);
      const first = clock.now();
      const [one, two] = await queue(store.log, 'wh_on', 2);
      clock.advance(1_000);
      await store.log.append([newEvent(['wh_on'])]);
      expect(await store.watch.figures()).toMatchObject({ waiting: 4, oldestPendingAt: first });
      const queues = (longest: number, ...also: string[]) => store.watch.queues({ longest, also });
      const on = { webhookId: 'wh_on', waiting: 3, oldestPendingAt: first };
      expect(await queues(5)).toEqual([on]);
      expect(await queues(0)).toEqual([]);
      expect(await queues(1, 'wh_off', 'wh_on', 'wh_none')).toEqual([
        on,
        { webhookId: 'wh_off', waiting: 1, oldestPendingAt: first - 1_000 },
        { webhookId: 'wh_none', waiting: 0, oldestPendingAt: null },
      ]);

      if (!one || !two) throw new Error('nothing was queued');
      await record(store.log, one, delivered);
      await record(store.log, two, retryAt(clock.now() + 5_000));
      const { waiting, oldestPendingAt, bytes } = await store.watch.figures();
      expect([waiting, oldestPendingAt]).toEqual([3, first + 1_000]);
      for (const size of Object.values(bytes)) expect(size).toBeGreaterThan(0);
      await store.close();
    });

    it('tell how much waits of each account, held reports and retries among it', async () => {
      const store = await openPlace('watch accounts', createManualClock());
      const secret = { secret: 'whsec_1', expiresAt: null };
      for (const id of ['acc_1', 'acc_2', 'acc_3']) {
        await store.directory.createAccount({ id, name: id, createdAt: 0 });
      }
      for (const [id, accountId] of [
        ['wh_1', 'acc_1'],
        ['wh_2', 'acc_1'],
        ['wh_ordered', 'acc_2'],
      ] as const) {
        await store.directory.createWebhook(testWebhook({ id, accountId }), secret);
      }
      expect(await store.watch.waitingByAccount()).toEqual(new Map());
      const [one, two] = await queue(store.log, 'wh_1', 3);
      await store.log.append([newEvent(['wh_1', 'wh_2'])]);
      const ordered = { webhookIds: ['wh_ordered'], orderedWebhookIds: ['wh_ordered'] };
      const first = newEvent(['wh_ordered'], { accountId: 'acc_2' });
      const report = (status: string) => ({ ...first, ...ordered, event: { ...first.event, status } });
      await store.log.append([report('sent'), report('delivered'), report('read')]);
      const waiting = () => store.watch.waitingByAccount();
      expect(await waiting()).toEqual(
        new Map([
          ['acc_1', 5],
          ['acc_2', 3],
        ]),
      );
      if (!one || !two) throw new Error('nothing was queued');
      await record(store.log, one, delivered);
      await record(store.log, two, retryAt(5_000));
      expect((await waiting()).get('acc_1')).toBe(4);
      await store.close();
    });
  });
}
