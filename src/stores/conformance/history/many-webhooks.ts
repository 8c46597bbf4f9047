import { expect, it } from 'vitest';
import type { AttemptRecord, QueuedDelivery } from '../../../core/delivery.ts';
import { testWebhook } from '../../../testing/factories.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import type { DeliveryFilter } from '../../ports/history.ts';
import type { OpenPlace } from '../open-store.ts';
import { appendTold, failed, newEvent, record, retryAt } from '../samples.ts';
import type { HistoryStore } from './history-store.ts';

/** @param count more webhooks than are asked one by one */
export function describeManyWebhooks(name: string, open: OpenPlace<keyof HistoryStore>, count: number): void {
  it(`${name}: history finds what waits and what failed among more webhooks than are asked one by one`, async () => {
    const clock = createManualClock();
    const store = await open('many', clock);
    const { directory, log, history } = store;
    await directory.createAccount({ id: 'acc_1', name: 'Acme', createdAt: 0 });
    const told: QueuedDelivery[] = [];
    log.onAccepted((deliveries) => told.push(...deliveries));
    for (let i = 0; i < count; i++) {
      const product = i % 2 === 0 ? 'sms' : 'whatsapp';
      const id = `wh_${i}`;
      await directory.createWebhook(testWebhook({ id, product }), {
        secret: 'whsec_c2VjcmV0',
        expiresAt: null,
      });
      await appendTold(log, [newEvent([id], { product, messageId: `m${i}` })]);
    }
    const outcomes: Partial<AttemptRecord>[] = [
      { after: failed, errorClass: 'dns', statusCode: null },
      { after: failed, errorClass: 'status', statusCode: 404 },
      { after: retryAt(clock.now() + 1_000), errorClass: 'dns', statusCode: null },
    ];
    for (const [i, delivery] of told.entries()) {
      const { after, ...seen } = outcomes[i % 5] ?? {};
      if (after) await record(log, delivery, after, seen);
    }
    const newestOf = (keep: (i: number) => boolean): string[] =>
      Array.from({ length: count }, (_, i) => count - 1 - i)
        .filter(keep)
        .map((i) => `m${i}`);
    const ask = async (filter: Omit<DeliveryFilter, 'accountId'>): Promise<string[]> => {
      const page = await history.listDeliveries(
        { accountId: 'acc_1', ...filter },
        { limit: count, cursor: null },
      );
      return page.data.map(({ event }) => event.messageId);
    };

    expect(await ask({ state: 'failed' })).toEqual(newestOf((i) => i % 5 < 2));
    expect(await ask({ state: 'retrying' })).toEqual(newestOf((i) => i % 5 === 2));
    expect(await ask({ state: 'pending' })).toEqual(newestOf((i) => i % 5 > 2));
    expect(await ask({ statusCode: 404 })).toEqual(newestOf((i) => i % 5 === 1));
    expect(await ask({ errorClass: 'dns' })).toEqual(newestOf((i) => i % 5 === 0 || i % 5 === 2));
    expect(await ask({ errorClass: 'dns', product: 'sms' })).toEqual(
      newestOf((i) => i % 2 === 0 && (i % 5 === 0 || i % 5 === 2)),
    );
    expect(await ask({ product: 'whatsapp' })).toEqual(newestOf((i) => i % 2 === 1));
    await store.close();
  });
}
