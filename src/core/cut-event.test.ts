import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testEvent } from '../testing/factories.ts';
import {
  contentsOf,
  cutEvent,
  cutIdentity,
  cutNumber,
  encodeCut,
  eraseEvent,
  isCutText,
} from './cut-event.ts';
import { reportIdentity } from './event-identity.ts';
import { decodeEvent, decodeEventHead, encodeEvent } from './event-text.ts';

const key = new Uint8Array(32).fill(7);
const remembers = { key, remembers: true } as const;
const owner = { id: 'evt_1', accountId: 'acc_1' };
const whole = testEvent({
  product: 'whatsapp',
  reportType: 'mo',
  productUniqueId: '919999999999',
  messageId: 'wamid.1',
  status: null,
  userId: 'US.1349',
  profileName: 'Asha Rao',
  attributes: { templateId: '7' },
  message: { type: 'text', text: { body: 'My account is 4711' } },
});

describe('a cut event', () => {
  it('keeps ids, times and the account’s own sender, and nothing of what was written or who it was', () => {
    const text = encodeCut(cutEvent(whole, remembers));
    const cut = decodeEvent(text, owner);
    expect(cut).toMatchObject({
      ...{ ...owner, product: 'whatsapp', reportType: 'mo', messageId: 'wamid.1' },
      ...{ productUniqueId: '919999999999', transactionId: whole.transactionId, errorCode: whole.errorCode },
      ...{ receivedTime: whole.receivedTime, deliveredTime: whole.deliveredTime, readTime: whole.readTime },
      ...{ mobileNumber: null, userId: null, profileName: null, attributes: null, message: null },
    });
    expect(contentsOf(cut)).toBe('cut');
    for (const gone of ['Asha', '4711', 'US.1349', 'templateId', whole.mobileNumber ?? '']) {
      expect(text).not.toContain(gone);
    }
  });

  it('says how a number ended, and whether it is a certain one', () => {
    const { cut } = decodeEvent(encodeCut(cutEvent(whole, remembers)), owner);
    expect(cut?.mobileNumber).toEqual(cutNumber(key, `+${whole.mobileNumber}`));
    expect(cut?.mobileNumber?.last4).toBe(whole.mobileNumber?.slice(-4));
    expect(cut?.mobileNumber).not.toEqual(cutNumber(new Uint8Array(32).fill(8), whole.mobileNumber ?? ''));
  });

  it('shows no end of what is no number', () => {
    expect(cutNumber(key, 'AD-HDFCBK').last4).toBe('');
    const cut = cutEvent({ ...whole, mobileNumber: 'AD-HDFCBK' }, remembers);
    expect(decodeEvent(encodeCut(cut), owner).cut?.mobileNumber).toEqual(cutNumber(key, 'AD-HDFCBK'));
  });

  it('tells a repetition while one may come, and not longer', () => {
    const known = decodeEvent(encodeCut(cutEvent(whole, remembers)), owner);
    expect(known.cut?.identity).toBe(cutIdentity(key, reportIdentity(whole)));
    const later = decodeEvent(encodeCut(cutEvent(whole, { key, remembers: false })), owner);
    expect(later.cut?.identity).toBeNull();
  });

  it('is the same when it is cut once more', () => {
    const once = cutEvent(whole, remembers);
    expect(cutEvent(once, { key, remembers: false })).toEqual(once);
  });

  it('that was erased has neither an end of a number nor a hash', () => {
    const text = encodeCut(eraseEvent(cutEvent(whole, remembers)));
    const { cut } = decodeEvent(text, owner);
    expect(cut).toEqual({ contents: 'erased', mobileNumber: null, identity: null });
  });

  it('is read back as it was written, whatever it holds, and its head alone too', () => {
    const text = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });
    const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
    const instant = orNull(fc.integer({ min: 1, max: 4e12 }));
    const parts = fc.record({
      ...{ messageId: text, transactionId: orNull(text), status: orNull(text), errorCode: orNull(text) },
      ...{ productUniqueId: orNull(text), part: orNull(fc.integer({ min: 1, max: 255 })) },
      ...{ mobileNumber: orNull(text), userId: orNull(text), profileName: orNull(text) },
      ...{ receivedTime: instant, sentTime: instant, deliveredTime: instant, readTime: instant },
    });
    fc.assert(
      fc.property(parts, fc.boolean(), (given, isRemembered) => {
        const cut = cutEvent(testEvent(given), { key, remembers: isRemembered });
        const kept = encodeCut(cut);
        const { attributes, message, ...head } = decodeEvent(kept, owner);
        expect([attributes, message]).toEqual([null, null]);
        expect(head).toEqual(cut);
        expect(decodeEventHead(kept, true, owner)).toEqual(cut);
        expect(isCutText(kept)).toBe(true);
        expect(isCutText(encodeEvent(testEvent(given)))).toBe(false);
      }),
    );
  });

  it('takes no more room than it did before', () => {
    const least = testEvent({
      messageId: 'm',
      transactionId: null,
      part: null,
      status: 's',
      errorCode: null,
    });
    const bare = { ...least, attributes: null, receivedTime: null, deliveredTime: null };
    for (const event of [whole, testEvent({}), bare]) {
      const cut = encodeCut(cutEvent(event, { key, remembers: false }));
      expect(cut.length).toBeLessThanOrEqual(encodeEvent(event).length);
    }
  });
});
