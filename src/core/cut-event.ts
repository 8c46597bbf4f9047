import { isNumber, normalNumber } from '../shared/normal-number.ts';
import type { Contents, Cut, CutNumber } from './contents.ts';
import type { Event, EventHead } from './event.ts';
import { reportIdentity } from './event-identity.ts';
import { numberHash } from './number-hash.ts';

export function contentsOf({ cut }: Pick<Event, 'cut'>): Contents {
  return cut?.contents ?? 'kept';
}

const shownDigits = 4;

export function cutNumber(key: Uint8Array, number: string): CutNumber {
  const normal = normalNumber(number);
  return { last4: isNumber(normal) ? normal.slice(-shownDigits) : '', hash: numberHash(key, normal) };
}

/** Tells a report from others when what it said is gone. @param identity as `reportIdentity` gives it */
export function cutIdentity(key: Uint8Array, identity: string): string {
  return numberHash(key, identity);
}

export interface CutOptions {
  /** The gateway's number key. */
  readonly key: Uint8Array;
  /** Whether a repetition of it is still to be found by what it said. */
  readonly remembers: boolean;
}

/**
 * What the log keeps of an event: its ids, what kind it is, status, error code, part and times, the account's own sender,
 * and of a person's number its end and a hash. All else is gone.
 */
export function cutEvent<E extends EventHead>(event: E, { key, remembers }: CutOptions): EventHead {
  if (event.cut) return event;
  return withoutContents(event, {
    contents: 'cut',
    mobileNumber: event.mobileNumber === null ? null : cutNumber(key, event.mobileNumber),
    identity: remembers
      ? cutIdentity(key, reportIdentity({ ...event, attributes: null, message: null }))
      : null,
  });
}

/** The same of an event that is to be forgotten: nothing of it finds the person any more. */
export function eraseEvent<E extends EventHead>(event: E): EventHead {
  return withoutContents(event, { contents: 'erased', mobileNumber: null, identity: null });
}

function withoutContents(event: EventHead, cut: Cut): EventHead {
  const { id, accountId, product, reportType, productUniqueId, transactionId, messageId, part } = event;
  const { status, errorCode, receivedTime, sentTime, deliveredTime, readTime } = event;
  return {
    ...{ id, accountId, product, reportType, productUniqueId, transactionId, messageId, part },
    ...{ status, errorCode, mobileNumber: null, userId: null, profileName: null },
    ...{ receivedTime, sentTime, deliveredTime, readTime, cut },
  };
}

const modes: readonly Cut['contents'][] = ['cut', 'erased'];
const nothing = 0;

/** Whether a stored text is that of an event whose contents are gone: the others are objects. */
export function isCutText(text: string): boolean {
  return text.startsWith('[');
}

/**
 * A cut event as text: a list, in which 0 stands for what is not known and the end is left out where it is all 0. Without
 * names it is shorter than what it takes the place of, so that it fits there.
 *
 * ```text
 * [1,"sms","dlr","shdgMj33hk8",0,"81934341034091431",1,"delivered","000","5678a1B2…",1795342530000,0,1795342533000]
 *  └ 1 cut, 2 erased            └ account's sender                       └ last digits and hash
 * ```
 */
export function encodeCut(event: EventHead): string {
  const { cut } = event;
  if (!cut) throw new Error('The event is not cut.');
  const number = cut.mobileNumber && cut.mobileNumber.last4 + cut.mobileNumber.hash;
  const values = [
    modes.indexOf(cut.contents) + 1,
    ...[event.product, event.reportType, event.messageId, event.productUniqueId, event.transactionId],
    ...[event.part, event.status, event.errorCode, number],
    ...[event.receivedTime, event.sentTime, event.deliveredTime, event.readTime, cut.identity],
  ].map((value) => value ?? nothing);
  return JSON.stringify(values.slice(0, values.findLastIndex((value) => value !== nothing) + 1));
}

const hashLength = 22;

/** The event of a text that {@link encodeCut} made. */
export function decodeCut(text: string, { id, accountId }: Pick<Event, 'id' | 'accountId'>): Event {
  const values = JSON.parse(text) as readonly (string | number)[];
  const at = (place: number): string | number | null => {
    const value = values[place];
    return value === undefined || value === nothing ? null : value;
  };
  const textAt = (place: number): string | null => at(place) as string | null;
  const numberAt = (place: number): number | null => at(place) as number | null;
  const number = textAt(9);
  return {
    id,
    accountId,
    product: textAt(1) as Event['product'],
    reportType: textAt(2) as Event['reportType'],
    messageId: textAt(3) ?? '',
    productUniqueId: textAt(4),
    transactionId: textAt(5),
    part: numberAt(6),
    status: textAt(7),
    errorCode: textAt(8),
    ...{ mobileNumber: null, userId: null, profileName: null },
    receivedTime: numberAt(10),
    sentTime: numberAt(11),
    deliveredTime: numberAt(12),
    readTime: numberAt(13),
    ...{ attributes: null, message: null },
    cut: {
      contents: modes[(numberAt(0) ?? 1) - 1] ?? 'cut',
      mobileNumber: number === null ? null : splitNumber(number),
      identity: textAt(14),
    },
  };
}

function splitNumber(kept: string): CutNumber {
  const end = kept.length - hashLength;
  return { last4: kept.slice(0, end), hash: kept.slice(end) };
}
