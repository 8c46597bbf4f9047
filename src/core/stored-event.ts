import type { Event } from './event.ts';

/** What is known of a stored event without a look into its text. */
export type EventLabel = Pick<Event, 'id' | 'accountId' | 'product' | 'reportType'>;

type Rest = Omit<Event, keyof EventLabel>;

const fields: readonly (keyof Rest)[] = [
  'productUniqueId',
  'transactionId',
  'messageId',
  'part',
  'status',
  'errorCode',
  'mobileNumber',
  'userId',
  'profileName',
  'receivedTime',
  'sentTime',
  'deliveredTime',
  'readTime',
  'attributes',
  'message',
];

/**
 * An event whose text is only read when somebody asks for more than its label. Who counts attempts does not, and reading
 * costs more than all the counting.
 *
 * Its fields are there by name; it has none of its own to be listed or copied by.
 */
export function storedEvent(label: EventLabel, read: () => Event): Event {
  const event = Object.create(prototype) as Hidden;
  event.label = label;
  event.read = read;
  return event as unknown as Event;
}

interface Hidden {
  label: EventLabel;
  read: () => Event;
  whole?: Event;
}

function wholeOf(event: Hidden): Event {
  event.whole ??= event.read();
  return event.whole;
}

const prototype: object = Object.create(
  null,
  Object.fromEntries([
    ...(['id', 'accountId', 'product', 'reportType'] as const).map((field) => [
      field,
      {
        get(this: Hidden) {
          return this.label[field];
        },
      },
    ]),
    ...fields.map((field) => [
      field,
      {
        get(this: Hidden) {
          return wholeOf(this)[field];
        },
      },
    ]),
  ]) as PropertyDescriptorMap,
);
