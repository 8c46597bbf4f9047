import type { AttemptRecord, Conclusion, QueuedDelivery } from '../core/delivery.ts';
import type { HealthChange } from '../core/delivery-observer.ts';
import type { Log } from './log.ts';
import { maskId } from './mask.ts';

/**
 * One line for each thing that matters to the business, with all that is known of it, so that a search by any id finds
 * the whole story. Numbers and query strings are masked by the log.
 *
 * | level | line |
 * |---|---|
 * | info | a delivery failed for good or was skipped; an endpoint is well again |
 * | warn | an endpoint began to fail, a webhook was disabled |
 * | debug | every attempt, every call that hands in events |
 */
export interface WideLines {
  /** Hears of every attempt; costs nothing for a level that is not written. */
  attempted(record: AttemptRecord, delivery: QueuedDelivery): void;
  /** Hears of every delivery that ended without an attempt. */
  concluded(conclusion: Conclusion, delivery: QueuedDelivery): void;
  /** Deliveries were skipped together, since their webhook is gone. */
  skipped(webhookId: string, reason: string, deliveries: number): void;
  /** Hears of every call that hands in events. */
  received(call: {
    readonly answer: { readonly accepted: number; readonly duplicates: number; readonly rejected: number };
    readonly accountId: string | null;
    readonly durationMs: number;
  }): void;
  healthChanged(webhookId: string, change: HealthChange): void;
  webhookDisabled(webhookId: string, reason: string): void;
}

export function createWideLines(log: Log): WideLines {
  const debug = log.isLevelEnabled('debug');
  const info = log.isLevelEnabled('info');

  return {
    attempted(record, delivery) {
      const { state } = record.after;
      if (state === 'failed' || state === 'skipped') {
        if (info) log.info(attemptFields(record, delivery), `Delivery ${state}.`);
      } else if (debug) {
        const message =
          state === 'delivered' ? 'Delivered.' : 'An attempt failed; the delivery is tried again.';
        log.debug(attemptFields(record, delivery), message);
      }
    },
    concluded({ after, at }, delivery) {
      if (!info) return;
      const { reason, state } = after;
      const ended = { state, reason, attempt: delivery.attempts, sinceAcceptedMs: at - delivery.acceptedAt };
      log.info({ ...deliveryFields(delivery), ...ended }, `Delivery ${state} without a further attempt.`);
    },
    skipped(webhookId, reason, deliveries) {
      log.info(
        { webhookId, state: 'skipped', reason, deliveries },
        'Deliveries skipped without a further attempt.',
      );
    },
    received({ answer: { accepted, duplicates, rejected }, accountId, durationMs }) {
      if (!debug) return;
      const fields = { accountId, accepted, duplicates, rejected, durationMs: Math.round(durationMs) };
      log.debug(fields, 'Events were handed in.');
    },
    healthChanged(webhookId, { kind, since }) {
      const fields = { webhookId, since: new Date(since).toISOString() };
      if (kind === 'recovered') log.info(fields, 'The endpoint is well again.');
      else if (kind === 'failing') log.warn(fields, 'The endpoint fails; its deliveries wait.');
      else log.warn(fields, 'The endpoint has failed for too long.');
    },
    webhookDisabled(webhookId, reason) {
      log.warn({ webhookId, reason }, 'Webhook disabled; its deliveries wait.');
    },
  };
}

function deliveryFields({ id, webhookId, event }: QueuedDelivery): object {
  return {
    deliveryId: id,
    eventId: event.id,
    accountId: event.accountId,
    webhookId,
    product: event.product,
    reportType: event.reportType,
    messageId: maskId(event.messageId, event.mobileNumber),
    transactionId: event.transactionId && maskId(event.transactionId, event.mobileNumber),
    mobileNumber: event.mobileNumber,
    status: event.status,
  };
}

function attemptFields(record: AttemptRecord, delivery: QueuedDelivery): object {
  const { after } = record;
  return {
    ...deliveryFields(delivery),
    webhookVersion: record.webhookVersion,
    state: after.state,
    ...('reason' in after ? { reason: after.reason } : {}),
    ...('dueAt' in after ? { nextAttemptAt: new Date(after.dueAt).toISOString() } : {}),
    attempt: record.number,
    manual: record.manual,
    statusCode: record.statusCode,
    errorClass: record.errorClass,
    durationMs: record.durationMs,
    sinceAcceptedMs: record.startedAt + record.durationMs - delivery.acceptedAt,
  };
}
