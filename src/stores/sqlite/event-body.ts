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

const { attributes: _attributes, message: _message, ...emptyHead } = empty;

/**
 * An event as its row keeps it: JSON without the id and the account (columns of their own) and without what is null; what
 * may be long stands last.
 */
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

/** The start of a body that has all but what may be long, whatever its values are: they have 2,200 characters at most. */
export const bodyStart = 16_384;

/**
 * {@link decodeEvent} without `attributes` and `message`, from the first {@link bodyStart} characters of the body: these
 * two stand last and have 250 KB, of which parsing takes 0.7 ms. `null`: the start does not reach that far.
 */
export function decodeEventHead({ seq, id, account, body: start }: EventText): EventHead | null {
  const end = endOfHead(start);
  if (end === -1 && start.length >= bodyStart) return null;
  const body = JSON.parse(end === -1 ? start : `${start.slice(0, end)}}`) as Omit<
    EventHead,
    'id' | 'accountId'
  >;
  return { ...emptyHead, ...body, id: id ?? sequenceId('evt', seq), accountId: account };
}

/** Before the two come texts and numbers alone, and within a text each quote has a backslash before it. */
function endOfHead(start: string): number {
  const attributes = start.indexOf(',"attributes":');
  const message = start.indexOf(',"message":');
  if (attributes === -1) return message;
  return message === -1 ? attributes : Math.min(attributes, message);
}
