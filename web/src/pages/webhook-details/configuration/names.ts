import type { Webhook } from '../../../api/webhooks.ts';

type DlrField = keyof Webhook['parameterNames'];

/** The fields of a delivery report in the order of the form, as it calls them. */
const fieldLabels: readonly (readonly [DlrField, string])[] = [
  ['transactionId', 'Transaction ID Parameter'],
  ['messageId', 'Message ID Parameter'],
  ['errorCode', 'Error Code Parameter'],
  ['mobileNumber', 'Mobile Number Parameter'],
  ['receivedTime', 'Received Time Parameter'],
  ['deliveredTime', 'Delivered Time Parameter'],
  ['readTime', 'Read Time Parameter'],
  ['status', 'Status Parameter'],
];

/** Each field that is sent, and under which name. */
export function namesOf({ parameterNames }: Pick<Webhook, 'parameterNames'>): (readonly [string, string])[] {
  return fieldLabels.flatMap(([field, label]) => {
    const name = parameterNames[field];
    return name === undefined ? [] : [[label, name] as const];
  });
}
