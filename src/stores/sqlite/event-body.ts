import type { Event, EventHead, JsonObject } from '../../core/event.ts';
import { sequenceId } from '../../core/ids.ts';
import { jsonText } from '../../core/json-text.ts';

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
  return jsonText(body as JsonObject);
}

/**
 * What of a row of table `events` an event is made from. It crosses threads so, as text: a structured clone ends at 4,000
 * levels, and then takes the thread with it that cannot read the message.
 */
export interface EventText {
  readonly seq: number;
  readonly id: string | null;
  readonly account: string;
  readonly body: string;
}

/** The event of a row of table `events`. */
export function decodeEvent(row: EventText): Event {
  const body = JSON.parse(row.body) as Body;
  return { ...empty, ...body, id: row.id ?? sequenceId('evt', row.seq), accountId: row.account };
}

/** The event without what may be deep, so that it can cross threads as it is. */
export function decodeEventHead(row: EventText): EventHead {
  const { attributes: _attributes, message: _message, ...head } = decodeEvent(row);
  return head;
}
