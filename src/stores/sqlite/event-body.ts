import type { Event } from '../../core/event.ts';
import { sequenceId } from '../../core/ids.ts';

const empty: Omit<Event, 'id' | 'accountId' | 'product' | 'reportType' | 'messageId'> = {
  productUniqueId: null,
  transactionId: null,
  part: null,
  status: null,
  errorCode: null,
  mobileNumber: null,
  userId: null,
  profileName: null,
  receivedTime: null,
  sentTime: null,
  deliveredTime: null,
  readTime: null,
  attributes: null,
  message: null,
};

const optionalFields = Object.keys(empty) as (keyof typeof empty)[];

type Body = Omit<Event, 'id' | 'accountId'>;

/** An event as its row keeps it: JSON without the id and the account (columns of their own) and without what is null. */
export function encodeEventBody(event: Event): string {
  const body: Record<string, unknown> = {
    product: event.product,
    reportType: event.reportType,
    messageId: event.messageId,
  };
  for (const field of optionalFields) {
    const value = event[field];
    if (value !== null) body[field] = value;
  }
  return JSON.stringify(body);
}

/** The event of a row of table `events`. */
export function decodeEvent(row: { seq: number; id: string | null; account: string; body: string }): Event {
  const body = JSON.parse(row.body) as Body;
  return { ...empty, ...body, id: row.id ?? sequenceId('evt', row.seq), accountId: row.account };
}
