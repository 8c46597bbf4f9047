import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectOfJson } from '../testing/json-texts.ts';
import { anyText, bareEvent } from '../testing/rendering.ts';
import type { Event } from './event.ts';
import { decodeEvent, decodeEventHead, encodeEvent } from './event-text.ts';

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const instant = maybe(fc.maxSafeNat());

const anyEvent: fc.Arbitrary<Event> = fc.record({
  id: anyText,
  accountId: anyText,
  product: fc.constantFrom('sms', 'whatsapp'),
  reportType: fc.constantFrom('dlr', 'mo'),
  productUniqueId: maybe(anyText),
  transactionId: maybe(fc.oneof(anyText, fc.constantFrom(',"message":', 'a,', ',"attributes":{}'))),
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
  attributes: maybe(objectOfJson),
  message: maybe(objectOfJson),
});

describe('the text of an event', () => {
  it('gives every event back as it was, what came in attributes and message character for character', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const text = encodeEvent(event);
        expect(decodeEvent(text, event)).toEqual(event);
        const { attributes: _attributes, message: _message, ...head } = event;
        expect(decodeEventHead(text, true, event)).toEqual(head);
      }),
      { numRuns: 500 },
    );
  });

  it('is JSON', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { attributes, message } = JSON.parse(encodeEvent(event));
        expect(attributes ?? null).toEqual(event.attributes && JSON.parse(event.attributes));
        expect(message ?? null).toEqual(event.message && JSON.parse(event.message));
      }),
    );
  });

  it('leaves out what has columns of its own and what is not known', () => {
    expect(encodeEvent(bareEvent({ messageId: 'm1', status: 'sent' }))).toBe(
      '{"product":"sms","reportType":"dlr","messageId":"m1","status":"sent"}',
    );
  });

  it('tells where the start of it does not reach to what may be long', () => {
    const text = encodeEvent(bareEvent({ transactionId: 'x'.repeat(100), message: '{"a":1}' }));
    expect(decodeEventHead(text.slice(0, 80), false, bareEvent())).toBeNull();
    expect(decodeEventHead(text.slice(0, -5), false, bareEvent())).toMatchObject({
      transactionId: 'x'.repeat(100),
    });
  });
});
