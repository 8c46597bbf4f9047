import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventParts, testEvent } from '../testing/factories.ts';
import { anyNumber, spellingOf } from '../testing/number-spellings.ts';
import type { Event } from './event.ts';
import { eventIdentity, formerIdentity, ownIdIdentity } from './event-identity.ts';

/** Few different values, so that two reports often agree in some of them. */
const text = fc.option(fc.constantFrom('1', '11', '000', 'a', 'A'));
const number = fc.option(
  fc.constantFrom('16315558151', '16315558152', '6315558151', '06315558151', 'AD-HDFCBK'),
);
const instant = fc.option(fc.constantFrom(0, 1, 11, 1_795_342_530_000));
const report = fc.record<EventParts>({
  accountId: fc.constantFrom('a', 'b'),
  product: fc.constantFrom('sms', 'whatsapp'),
  reportType: fc.constantFrom('dlr', 'mo'),
  productUniqueId: number,
  messageId: fc.constantFrom('1', '11', 'a', 'A'),
  part: fc.option(fc.constantFrom(1, 11)),
  mobileNumber: number,
  userId: text,
  transactionId: text,
  status: fc.option(fc.constantFrom('sent', 'delivered', 'failed', 'deleted', '1')),
  errorCode: text,
  receivedTime: instant,
  sentTime: instant,
  deliveredTime: instant,
  readTime: instant,
});

const identityOf = (parts: EventParts): string => eventIdentity(testEvent(parts), null);

describe('the identity of an event', () => {
  it('is account and own id where there is one, whatever else the event says', () => {
    expect(eventIdentity(testEvent({ accountId: 'a' }), '1')).toBe(ownIdIdentity('a', '1'));
    expect(eventIdentity(testEvent({ accountId: 'a', messageId: 'x' }), '1')).toBe(ownIdIdentity('a', '1'));
    expect(ownIdIdentity('a', '1')).not.toBe(ownIdIdentity('b', '1'));
  });

  it('without one is another for reports that differ in anything', () => {
    const two = report.chain((one) =>
      fc.tuple(
        fc.constant(one),
        // One field of another report, or all of it.
        fc.tuple(report, fc.subarray(Object.keys(one) as (keyof Event)[])).map(([other, fields]) => ({
          ...one,
          ...Object.fromEntries(fields.map((field) => [field, other[field]])),
        })),
      ),
    );
    fc.assert(
      fc.property(two, ([one, other]) => {
        const same = (Object.keys(one) as (keyof Event)[]).every((field) => one[field] === other[field]);
        expect(identityOf(one) === identityOf(other)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it('without one is the same for reports that differ in spelling alone', () => {
    const spelled = fc
      .tuple(report, anyNumber, anyNumber)
      .chain(([parts, waba, mobile]) =>
        fc.tuple(
          fc.constant({ ...parts, productUniqueId: waba, mobileNumber: mobile, status: 'delivered' }),
          spellingOf(waba),
          spellingOf(mobile),
          fc.constantFrom('DELIVERED', ' Delivered', 'delivered\t', 'DELIVRD'),
        ),
      );
    fc.assert(
      fc.property(spelled, ([parts, productUniqueId, mobileNumber, status]) => {
        expect(identityOf({ ...parts, productUniqueId, mobileNumber, status })).toBe(identityOf(parts));
      }),
    );
  });

  it('does not depend on what comes beside: sent attributes, names, a message', () => {
    const parts = { attributes: { a: 1 }, profileName: 'Asha', message: { type: 'text' } };
    expect(identityOf(parts)).toBe(identityOf({}));
  });

  it('of an own id is never that of an event without one, nor that of before', () => {
    expect(eventIdentity(testEvent({}), null).startsWith('report\0')).toBe(true);
    expect(eventIdentity(testEvent({}), 'report\0').startsWith('id\0')).toBe(true);
    expect(formerIdentity(testEvent({})).startsWith('natural\0')).toBe(true);
  });
});
