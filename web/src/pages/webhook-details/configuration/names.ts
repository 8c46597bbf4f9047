import type { Webhook } from '../../../api/webhooks.ts';

type DlrField = keyof Webhook['parameterNames'];

/** The fields of a delivery report in the order of the form, as people call them. */
export const fieldLabels: readonly (readonly [DlrField, string])[] = [
  ['transactionId', 'Transaction ID'],
  ['messageId', 'Message ID'],
  ['errorCode', 'Error code'],
  ['mobileNumber', 'Mobile number'],
  ['receivedTime', 'Received time'],
  ['deliveredTime', 'Delivered time'],
  ['readTime', 'Read time'],
  ['status', 'Status'],
];

/** Each field that is sent, and under which name. */
export function namesOf({ parameterNames }: Pick<Webhook, 'parameterNames'>): (readonly [string, string])[] {
  return fieldLabels.flatMap(([field, label]) => {
    const name = parameterNames[field];
    return name === undefined ? [] : [[label, name] as const];
  });
}
