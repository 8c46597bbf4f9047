import { setImmediate } from 'node:timers/promises';
import { courierOf } from '../../core/courier-of.ts';
import type { QueuedDelivery } from '../../core/delivery.ts';
import type { AppendResult, CourierLog, DeliveryLog, EventLog, NewEvent } from '../ports/delivery-log.ts';

/** The main thread's part of a log and those of its couriers as one log, as the suite for logs wants it. */
export function joinLog(log: EventLog, couriers: readonly CourierLog[]): DeliveryLog {
  const of = (webhookId: string): CourierLog => couriers[courierOf(webhookId, couriers.length)] as CourierLog;
  const appending = new Set<Promise<unknown>>();
  let told = 0;
  let unseen = 0;
  let heard: QueuedDelivery[] = [];
  let listener: Parameters<DeliveryLog['onAccepted']>[0] = () => {};
  for (const courier of couriers) {
    courier.onAccepted((deliveries, left) => {
      told += deliveries.length + left;
      unseen += left;
      heard.push(...deliveries.map(plain));
      if (couriers.length === 1) tell();
    });
  }

  /** Each courier keeps the order of what is its own; between them there is none. */
  function tell(): void {
    const all = heard.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    heard = [];
    const left = unseen;
    unseen = 0;
    if (all.length + left > 0) listener(all, left);
  }

  async function append(events: readonly NewEvent[]): Promise<readonly AppendResult[]> {
    const results = await log.append(events);
    while (told < log.handedOver) await setImmediate();
    tell();
    return results;
  }

  return {
    append(events) {
      const appended = append(events);
      appending.add(appended);
      void appended.catch(() => {}).finally(() => appending.delete(appended));
      return appended;
    },
    onAccepted(listen) {
      listener = listen;
    },
    onArrived(listen) {
      for (const courier of couriers) courier.onArrived((deliveries) => listen(deliveries.map(plain)));
    },
    onMore(listen) {
      for (const courier of couriers) courier.onMore(listen);
    },
    leave: (webhookId) => of(webhookId).leave(webhookId),
    isLeft: (webhookId) => of(webhookId).isLeft(webhookId),
    heedAgain: (webhookId) => of(webhookId).heedAgain(webhookId),
    onReleased: (listen) => {
      for (const courier of couriers) courier.onReleased((deliveries) => listen(deliveries.map(plain)));
    },
    onOutdated(listen) {
      for (const courier of couriers) {
        courier.onOutdated((conclusion, delivery) => listen(conclusion, plain(delivery)));
      }
    },
    record: (attempt, ...then) => of(attempt.webhookId).record(attempt, ...then),
    conclude: (conclusion, ...then) => of(conclusion.webhookId).conclude(conclusion, ...then),
    async loadPending(webhookId, ...rest) {
      const pending = await of(webhookId).loadPending(webhookId, ...rest);
      tell();
      return pending.map(plain);
    },
    async loadRetries(webhookId, ...rest) {
      const { due, nextRetryAt } = await of(webhookId).loadRetries(webhookId, ...rest);
      tell();
      return { due: due.map(plain), nextRetryAt };
    },
    async loadThese(webhookId, deliveryIds) {
      return (await of(webhookId).loadThese(webhookId, deliveryIds)).map(plain);
    },
    waiting: async () => (await Promise.all(couriers.map((courier) => courier.waiting()))).flat(),
    requeueMany: (request) => of(request.webhookId).requeueMany(request),
    skipWaiting: (webhookId, ...rest) => of(webhookId).skipWaiting(webhookId, ...rest),
    skipDeliveries: (webhookId, ...rest) => of(webhookId).skipDeliveries(webhookId, ...rest),
    bringRetriesBack: log.bringRetriesBack,
    latestAt: log.latestAt,
    health: log.health,
    onHealth: log.onHealth,
    get queued() {
      return log.queued;
    },
    /** Of the couriers' parts; the store closes its own. */
    async close() {
      await Promise.allSettled([...appending]);
      await Promise.all(couriers.map((courier) => courier.close()));
    },
  };
}

/** Without the text that it crosses threads as, which the suite does not ask for. */
function plain({ text: _text, ...delivery }: QueuedDelivery): QueuedDelivery {
  return delivery;
}
