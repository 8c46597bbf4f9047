import type { AttemptRecord, QueuedDelivery } from '../../../core/delivery.ts';
import type { DeliveryFilter, DeliveryWithEvent, ListedDelivery } from '../../ports/history.ts';

/** A delivery as history must show it, worked out from what was stored. */
export function viewOf(delivery: QueuedDelivery, latest: AttemptRecord | null): DeliveryWithEvent {
  const { id, webhookId, event, acceptedAt } = delivery;
  const base = { id, webhookId, event, acceptedAt };
  if (!latest) {
    return {
      ...base,
      state: 'pending',
      stateReason: null,
      attempts: 0,
      nextAttemptAt: acceptedAt,
      finishedAt: null,
      statusCode: null,
      errorClass: null,
    };
  }
  const { after, number, statusCode, errorClass } = latest;
  return {
    ...base,
    state: after.state,
    stateReason: 'reason' in after ? after.reason : null,
    attempts: number,
    nextAttemptAt: after.state === 'retrying' ? after.dueAt : null,
    finishedAt: after.state === 'retrying' ? null : latest.startedAt + latest.durationMs,
    statusCode,
    errorClass,
  };
}

const digits = (number: string): string => number.replace(/\D/g, '').replace(/^00+/, '') || number;

/** A number is found by all of its digits; without + or 00, by 4 or more at its end too. */
function isNumber(asked: string, number: string | null): boolean {
  if (number === null) return false;
  const [wanted, has] = [digits(asked), digits(number)];
  if (wanted === has) return true;
  const end = asked.replace(/\D/g, '');
  const isEnd = /^\d{4,}$/.test(end) && !/^\+|^00\d{7}/.test(asked.replace(/ /g, '')) && /^\d+$/.test(has);
  return isEnd && has.endsWith(/^0\d{8}/.test(end) ? end.slice(1) : end);
}

/** Whether a list with this filter has the delivery. */
export function passes(filter: DeliveryFilter, { event, ...view }: DeliveryWithEvent): boolean {
  const fits = <T>(wanted: T | undefined, is: T | null): boolean => wanted === undefined || wanted === is;
  return (
    (filter.accountId === null || filter.accountId === event.accountId) &&
    fits(filter.webhookId, view.webhookId) &&
    fits(filter.state, view.state) &&
    fits(filter.stateReason, view.stateReason) &&
    fits(filter.product, event.product) &&
    fits(filter.reportType, event.reportType) &&
    fits(filter.messageId, event.messageId) &&
    fits(filter.transactionId, event.transactionId) &&
    (filter.mobileNumber === undefined || isNumber(filter.mobileNumber, event.mobileNumber)) &&
    fits(filter.statusCode, view.statusCode) &&
    fits(filter.errorClass, view.errorClass) &&
    (filter.from === undefined || view.acceptedAt >= filter.from) &&
    (filter.to === undefined || view.acceptedAt < filter.to)
  );
}

/** What a list with this filter has, newest first. */
export function expectedList(filter: DeliveryFilter, all: readonly DeliveryWithEvent[]): ListedDelivery[] {
  return all
    .filter((view) => passes(filter, view))
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .map(({ event: { attributes: _attributes, message: _message, ...event }, ...view }) => ({
      ...view,
      event,
    }));
}
