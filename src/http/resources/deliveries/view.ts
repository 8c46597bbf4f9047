import { blockedHostDetail } from '../../../core/blocked-host.ts';
import { contentsOf } from '../../../core/cut-event.ts';
import type { AttemptView, DeliveryDetail, ListedDelivery } from '../../../stores/ports/history.ts';
import { numberShown } from '../../shapes/event.ts';
import { formatInstant, formatOptionalInstant } from '../../shapes/instants.ts';

/** A delivery, flat: what a list shows of it and of its event. */
export function deliveryView(delivery: ListedDelivery) {
  const { event } = delivery;
  return {
    id: delivery.id,
    eventId: event.id,
    accountId: event.accountId,
    webhookId: delivery.webhookId,
    product: event.product,
    reportType: event.reportType,
    productUniqueId: event.productUniqueId,
    messageId: event.messageId,
    transactionId: event.transactionId,
    mobileNumber: numberShown(event),
    status: event.status,
    errorCode: event.errorCode,
    state: delivery.state,
    stateReason: delivery.stateReason,
    attemptCount: delivery.attempts,
    statusCode: delivery.statusCode,
    errorClass: delivery.errorClass,
    acceptedAt: formatInstant(delivery.acceptedAt),
    nextAttemptAt: formatOptionalInstant(delivery.nextAttemptAt),
    finishedAt: formatOptionalInstant(delivery.finishedAt),
    contents: contentsOf(event),
  };
}

function attemptView(attempt: AttemptView) {
  return {
    number: attempt.number,
    webhookVersion: attempt.webhookVersion,
    manual: attempt.manual,
    startedAt: formatInstant(attempt.startedAt),
    durationMs: attempt.durationMs,
    statusCode: attempt.statusCode,
    errorClass: attempt.errorClass,
    // Earlier versions stored the address that a name resolved to.
    errorDetail: attempt.errorClass === 'blocked_address' ? blockedHostDetail : attempt.errorDetail,
    responseBody: attempt.responseBody,
  };
}

/** A delivery with its attempts, oldest first. */
export function deliveryDetailView(delivery: DeliveryDetail) {
  return { ...deliveryView(delivery), attempts: delivery.attemptLog.map(attemptView) };
}
