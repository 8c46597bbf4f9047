import { deliveryStates } from '../../../../core/delivery.ts';
import { columnsOf } from '../../../downloads/columns.ts';
import type { ViewOf } from '../../../shapes/view-of.ts';
import type { foundEvent } from '../search/schema.ts';

const { text, number, instant } = columnsOf<ViewOf<typeof foundEvent>>();

/** In an order that stays: programs count columns. A new one comes last. */
export const eventColumns = [
  text('id'),
  text('accountId'),
  text('product'),
  text('reportType'),
  text('productUniqueId'),
  text('transactionId'),
  text('messageId'),
  number('part'),
  text('status'),
  text('errorCode'),
  text('mobileNumber'),
  text('userId'),
  text('profileName'),
  instant('receivedTime'),
  instant('sentTime'),
  instant('deliveredTime'),
  instant('readTime'),
  instant('acceptedAt'),
  ...deliveryStates.map((state) => ({
    header: `deliveries.${state}`,
    of: ({ deliveries }: ViewOf<typeof foundEvent>) => deliveries[state],
  })),
  text('contents'),
];
