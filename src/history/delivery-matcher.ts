import type { DeliveryFilter, ListedDelivery } from '../stores/ports/history.ts';
import { createNumberMatcher, type HashNumber } from './number-matcher.ts';

/**
 * Whether a delivery is what a filter asks for; one rule for the list and for the live stream. A number is compared in its
 * normal form or by its end, all else exactly.
 *
 * @param hash for events whose contents are gone; without: there are none
 */
export function createDeliveryMatcher(
  filter: DeliveryFilter,
  hash?: HashNumber,
): (delivery: ListedDelivery) => boolean {
  const { accountId, webhookId, state, stateReason, product, reportType, messageId, transactionId } = filter;
  const { statusCode, errorClass, from, to } = filter;
  const number = filter.mobileNumber === undefined ? null : createNumberMatcher(filter.mobileNumber, hash);

  return (delivery) => {
    const { event } = delivery;
    return (
      (accountId === null || event.accountId === accountId) &&
      (webhookId === undefined || delivery.webhookId === webhookId) &&
      (state === undefined || delivery.state === state) &&
      (stateReason === undefined || delivery.stateReason === stateReason) &&
      (statusCode === undefined || delivery.statusCode === statusCode) &&
      (errorClass === undefined || delivery.errorClass === errorClass) &&
      (product === undefined || event.product === product) &&
      (reportType === undefined || event.reportType === reportType) &&
      (messageId === undefined || event.messageId === messageId) &&
      (transactionId === undefined || event.transactionId === transactionId) &&
      (number === null || number(event)) &&
      (from === undefined || delivery.acceptedAt >= from) &&
      (to === undefined || delivery.acceptedAt < to)
    );
  };
}
