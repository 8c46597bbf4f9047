import { columnsOf } from '../../../downloads/columns.ts';
import type { ViewOf } from '../../../shapes/view-of.ts';
import type { delivery } from '../schema.ts';

const { text, number, instant } = columnsOf<ViewOf<typeof delivery>>();

/** In an order that stays: programs count columns. A new one comes last. */
export const deliveryColumns = [
  text('id'),
  text('eventId'),
  text('accountId'),
  text('webhookId'),
  text('product'),
  text('reportType'),
  text('productUniqueId'),
  text('messageId'),
  text('transactionId'),
  text('mobileNumber'),
  text('status'),
  text('errorCode'),
  text('state'),
  text('stateReason'),
  number('attemptCount'),
  number('statusCode'),
  text('errorClass'),
  instant('acceptedAt'),
  instant('nextAttemptAt'),
  instant('finishedAt'),
  text('contents'),
];
