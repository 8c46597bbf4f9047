import { blockedHostDetail } from '../../../core/blocked-host.ts';
import { contentsOf } from '../../../core/cut-event.ts';
import type { KeptUntil } from '../../../core/keeping.ts';
import type { DeliveryDetail, ListedDelivery, StoredAttempt } from '../../../stores/ports/history.ts';
import { keptUntilView } from '../../shapes/contents.ts';
import { numberShown } from '../../shapes/event.ts';
import { formatInstant, formatOptionalInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { attempt, delivery, deliveryDetail } from './schema.ts';

/** A delivery, flat: what a list shows of it and of its event. */
export function deliveryView(listed: ListedDelivery): ViewOf<typeof delivery> {
  const { event } = listed;
  return {
    id: listed.id,
    eventId: event.id,
    accountId: event.accountId,
    webhookId: listed.webhookId,
    product: event.product,
    reportType: event.reportType,
    productUniqueId: event.productUniqueId,
    messageId: event.messageId,
    transactionId: event.transactionId,
    mobileNumber: numberShown(event),
    status: event.status,
    errorCode: event.errorCode,
    state: listed.state,
    stateReason: listed.stateReason,
    attemptCount: listed.attempts,
    statusCode: listed.statusCode,
    errorClass: listed.errorClass,
    acceptedAt: formatInstant(listed.acceptedAt),
    nextAttemptAt: formatOptionalInstant(listed.nextAttemptAt),
    finishedAt: formatOptionalInstant(listed.finishedAt),
    contents: contentsOf(event),
  };
}

function attemptView(kept: StoredAttempt): ViewOf<typeof attempt> {
  return {
    number: kept.number,
    webhookVersion: kept.webhookVersion,
    manual: kept.manual,
    startedAt: formatInstant(kept.startedAt),
    durationMs: kept.durationMs,
    statusCode: kept.statusCode,
    errorClass: kept.errorClass,
    // Earlier versions stored the address that a name resolved to.
    errorDetail: kept.errorClass === 'blocked_address' ? blockedHostDetail : kept.errorDetail,
    responseBody: kept.responseBody,
  };
}

/** A delivery with its attempts, oldest first. */
export function deliveryDetailView(
  detail: DeliveryDetail,
  keptUntil: KeptUntil,
): ViewOf<typeof deliveryDetail> {
  return {
    ...deliveryView(detail),
    ...keptUntilView(keptUntil),
    attempts: detail.attemptLog.map(attemptView),
  };
}
