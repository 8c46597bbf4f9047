import type { Event } from './event.ts';

/** What is known of a stored event without a look into its text. */
export type EventLabel = Pick<Event, 'id' | 'accountId' | 'product' | 'reportType'>;

/** The others, all of them: what is not named here would not be there. */
const fields = Object.keys({
  productUniqueId: true,
  transactionId: true,
  messageId: true,
  part: true,
  status: true,
  errorCode: true,
  mobileNumber: true,
  userId: true,
  profileName: true,
  receivedTime: true,
  sentTime: true,
  deliveredTime: true,
  readTime: true,
  attributes: true,
  message: true,
  cut: true,
} satisfies Record<Exclude<keyof Event, keyof EventLabel>, true>) as Exclude<keyof Event, keyof EventLabel>[];

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
