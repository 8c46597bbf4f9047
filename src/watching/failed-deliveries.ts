import type { AttemptRecord, Conclusion, QueuedDelivery } from '../core/delivery.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { OperationalEvents } from './operational-events.ts';

/** Tells of deliveries that ended as `failed`. */
export interface FailedDeliveries {
  /** Hears of every attempt; costs next to nothing unless it was the last and somebody wants to hear of it. */
  attempted(record: AttemptRecord, delivery: QueuedDelivery): void;
  /** Hears of every delivery that ended without an attempt. */
  concluded(conclusion: Conclusion, delivery: QueuedDelivery): void;
}

type LastAttempt = Pick<AttemptRecord, 'statusCode' | 'errorClass'>;

export function createFailedDeliveries(
  operations: Pick<OperationalEvents, 'wanted' | 'raise'>,
  registry: Pick<WebhookRegistry, 'get'>,
): FailedDeliveries {
  function failed(
    delivery: QueuedDelivery,
    at: number,
    reason: string,
    attempts: number,
    last: LastAttempt | null,
  ): void {
    const { id: deliveryId, event } = delivery;
    if (event.product === 'hookwire' || !operations.wanted(event.accountId, 'delivery.failed')) return;
    const webhook = registry.get(delivery.webhookId)?.webhook;
    if (!webhook) return;
    void operations.raise({
      type: 'delivery.failed',
      at,
      // A delivery that is sent again by hand may fail again, after more attempts.
      key: `${deliveryId}_${attempts}`,
      webhook,
      deliveryId,
      data: {
        deliveryId,
        eventId: event.id,
        messageId: event.messageId,
        transactionId: event.transactionId,
        reason,
        attempts,
        ...(last && { statusCode: last.statusCode, errorClass: last.errorClass }),
        acceptedAt: new Date(delivery.acceptedAt).toISOString(),
      },
    });
  }

  return {
    attempted(record, delivery) {
      if (record.after.state !== 'failed') return;
      failed(delivery, record.startedAt + record.durationMs, record.after.reason, record.number, record);
    },
    concluded({ after, at }, delivery) {
      if (after.state === 'failed') failed(delivery, at, after.reason, delivery.attempts, null);
    },
  };
}
