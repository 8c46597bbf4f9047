import { endOfValue } from '../shared/json-members.ts';
import { decodeCut, isCutText } from './cut-event.ts';
import type { Event, EventFacts, EventHead, JsonText } from './event.ts';

const emptyHead: Omit<EventHead, 'id' | 'accountId' | 'product' | 'reportType' | 'messageId'> = {
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
};

const optionalFields = Object.keys(emptyHead) as (keyof typeof emptyHead)[];

/** How the two begin that stand last and may be long. Before them come texts and numbers alone, in which no quote stands
 * without a backslash before it. */
const attributesStart = ',"attributes":';
const messageStart = ',"message":';

/** Whose event it is: of these its text says nothing. */
export type EventOwner = Pick<Event, 'id' | 'accountId'>;

/**
 * An event as one text: JSON without its id and account and without what is null. `attributes` and `message` stand last,
 * as they came.
 */
export function encodeEvent(event: EventFacts): string {
  const head: Record<string, unknown> = {
    product: event.product,
    reportType: event.reportType,
    messageId: event.messageId,
  };
  for (const field of optionalFields) {
    const value = event[field];
    if (value !== null) head[field] = value;
  }
  const { attributes, message } = event;
  const text = JSON.stringify(head);
  if (attributes === null && message === null) return text;
  const kept =
    (attributes === null ? '' : attributesStart + attributes) +
    (message === null ? '' : messageStart + message);
  return `${text.slice(0, -1)}${kept}}`;
}

/** The event of a text that {@link encodeEvent} or `encodeCut` made. */
export function decodeEvent(text: string, { id, accountId }: EventOwner): Event {
  if (isCutText(text)) return decodeCut(text, { id, accountId });
  const headEnd = endOfHead(text);
  const head = headFrom(text, headEnd);
  return { ...emptyHead, ...head, ...keptIn(text, headEnd), id, accountId };
}

/**
 * {@link decodeEvent} without `attributes` and `message`.
 * @param start of its text; `isWhole`: there is no more
 * @returns `null`: the start does not reach that far
 */
export function decodeEventHead(
  start: string,
  isWhole: boolean,
  { id, accountId }: EventOwner,
): EventHead | null {
  if (isCutText(start)) return isWhole ? headOfCut(start, { id, accountId }) : null;
  const headEnd = endOfHead(start);
  if (headEnd === -1 && !isWhole) return null;
  return { ...emptyHead, ...headFrom(start, headEnd), id, accountId };
}

function headOfCut(text: string, owner: EventOwner): EventHead {
  const { attributes: _attributes, message: _message, ...head } = decodeCut(text, owner);
  return head;
}

function headFrom(text: string, end: number): Omit<EventHead, 'id' | 'accountId'> {
  return JSON.parse(end === -1 ? text : `${text.slice(0, end)}}`) as Omit<EventHead, 'id' | 'accountId'>;
}

function endOfHead(text: string): number {
  const message = text.indexOf(messageStart);
  const attributes = (message === -1 ? text : text.slice(0, message)).indexOf(attributesStart);
  return attributes === -1 ? message : attributes;
}

function keptIn(text: string, from: number): { attributes: JsonText | null; message: JsonText | null } {
  let [attributes, at]: [JsonText | null, number] = [null, from];
  if (from !== -1 && text.startsWith(attributesStart, from)) {
    const start = from + attributesStart.length;
    // Without a message there can be nothing behind.
    at = text.indexOf(messageStart, start) === -1 ? text.length - 1 : endOfValue(text, start);
    attributes = text.slice(start, at);
  }
  const hasMessage = at !== -1 && text.startsWith(messageStart, at);
  return { attributes, message: hasMessage ? text.slice(at + messageStart.length, -1) : null };
}
