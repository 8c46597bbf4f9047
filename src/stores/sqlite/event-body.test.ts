import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, JsonObject } from '../../core/event.ts';
import { anyText, bareEvent } from '../../testing/rendering.ts';
import { decodeEvent, encodeEventBody } from './event-body.ts';

const jsonObject = fc
  .dictionary(anyText, fc.jsonValue({ noUnicodeString: false }), { maxKeys: 4 })
  .map((object) => JSON.parse(JSON.stringify(object)) as JsonObject);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const instant = maybe(fc.maxSafeNat());

const anyEvent: fc.Arbitrary<Event> = fc.record({
  id: anyText,
  accountId: anyText,
  product: fc.constantFrom('sms', 'whatsapp'),
  reportType: fc.constantFrom('dlr', 'mo'),
  productUniqueId: maybe(anyText),
  transactionId: maybe(anyText),
  messageId: anyText,
  part: maybe(fc.integer({ min: 1, max: 255 })),
  status: maybe(anyText),
  errorCode: maybe(anyText),
  mobileNumber: maybe(anyText),
  userId: maybe(anyText),
  profileName: maybe(anyText),
  receivedTime: instant,
  sentTime: instant,
  deliveredTime: instant,
  readTime: instant,
  attributes: maybe(jsonObject),
  message: maybe(jsonObject),
});

describe('the body of an event', () => {
  it('gives every event back as it was', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const row = { seq: 7, id: event.id, account: event.accountId, body: encodeEventBody(event) };
        expect(decodeEvent(row)).toEqual(event);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out what has columns of its own and what is not known', () => {
    expect(JSON.parse(encodeEventBody(bareEvent({ messageId: 'm1', status: 'sent' })))).toEqual({
      product: 'sms',
      reportType: 'dlr',
      messageId: 'm1',
      status: 'sent',
    });
  });

  it("gets the gateway's id from its row where the caller gave none", () => {
    const row = { seq: 7, id: null, account: 'acc_1', body: encodeEventBody(bareEvent()) };
    expect(decodeEvent(row)).toEqual(bareEvent({ id: 'evt_00000000007' }));
  });
});
