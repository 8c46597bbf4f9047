import type { DeliveryState } from '../../../core/delivery.ts';
import { errorClassCode, heldCode, stateCode } from '../../codes.ts';
import type { DeliveryFilter } from '../../ports/history.ts';
import type { Statement } from './statement.ts';

/** The largest `smallint`. */
const largestStatus = 32_767;

/** Whether there can be such a delivery at all: a column holds less than a number may be. */
export function isPossible({ statusCode, from, to }: DeliveryFilter): boolean {
  const isStatus =
    statusCode === undefined || (Number.isInteger(statusCode) && Math.abs(statusCode) <= largestStatus);
  return isStatus && (from === undefined || to === undefined || from < to);
}

/** What is known of a delivery without its event, of a row named `r`. Beside the filter: the webhooks that it allows, if not all. */
export function conditionsOf(
  { webhookId, state, stateReason, statusCode, errorClass, accountId }: DeliveryFilter,
  webhooks: readonly string[] | null,
  { parameter }: Statement,
): string[] {
  const conditions: string[] = [];
  if (accountId !== null) conditions.push(`r.account = ${parameter(accountId, 'text')}`);
  if (webhookId !== undefined) conditions.push(`r.webhook = ${parameter(webhookId, 'text')}`);
  else if (webhooks) conditions.push(`r.webhook = any(${parameter(webhooks, 'text[]')})`);
  if (state !== undefined) conditions.push(stateCondition(state));
  if (stateReason !== undefined) conditions.push(`r.reason = ${parameter(stateReason, 'text')}`);
  if (statusCode !== undefined) conditions.push(`r.status_code = ${parameter(statusCode, 'smallint')}`);
  if (errorClass !== undefined) {
    conditions.push(`r.error_class = ${parameter(errorClassCode(errorClass), 'smallint')}`);
  }
  return conditions;
}

/** As `viewedState` reads it. */
function stateCondition(state: DeliveryState): string {
  const retrying = `r.state = ${stateCode('retrying')}`;
  if (state === 'retrying') return `${retrying} and r.attempts > 0`;
  if (state !== 'pending') return `r.state = ${stateCode(state)}`;
  return `(r.state in (${stateCode('pending')}, ${heldCode}) or ${retrying} and r.attempts = 0)`;
}
