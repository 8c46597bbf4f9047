import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testEvent } from '../testing/factories.ts';
import type { Event } from './event.ts';
import { eventIdentity, ownIdIdentity } from './event-identity.ts';

describe('the identity of an event', () => {
  it('is account and own id where there is one, whatever else the event says', () => {
    expect(eventIdentity(testEvent({ accountId: 'a' }), '1')).toBe(ownIdIdentity('a', '1'));
    expect(eventIdentity(testEvent({ accountId: 'a', messageId: 'x' }), '1')).toBe(ownIdIdentity('a', '1'));
    expect(ownIdIdentity('a', '1')).not.toBe(ownIdIdentity('b', '1'));
  });

  it('is the same for exactly the same account, product, report type, message, part and status', () => {
    const text = fc.string({ maxLength: 3 }).filter((value) => !value.includes('\0'));
    const key = fc.record<Partial<Event>>({
      accountId: text,
      product: fc.constantFrom('sms', 'whatsapp'),
      reportType: fc.constantFrom('dlr', 'mo'),
      messageId: fc.oneof(text, fc.constantFrom('1', '11')),
      part: fc.option(fc.constantFrom(1, 11)),
      status: fc.option(
        fc.oneof(
          text.filter((value) => value !== ''),
          fc.constantFrom('1', '11'),
        ),
      ),
    });
    fc.assert(
      fc.property(key, key, fc.boolean(), (one, other, same) => {
        const second = same ? { ...one, errorCode: 'x', transactionId: 'y' } : other;
        const fields = ['accountId', 'product', 'reportType', 'messageId', 'part', 'status'] as const;
        const equal = fields.every((field) => one[field] === second[field]);
        expect(eventIdentity(testEvent(one), null) === eventIdentity(testEvent(second), null)).toBe(equal);
      }),
    );
  });

  it('of an own id is never that of an event without one', () => {
    expect(eventIdentity(testEvent({}), null).startsWith('natural\0')).toBe(true);
    expect(eventIdentity(testEvent({}), 'natural\0').startsWith('id\0')).toBe(true);
  });
});
