import { describe, expect, it } from 'vitest';
import { catalog } from '../../testing/catalog.ts';
import { choiceOf } from './draft.ts';
import { eventText, readEvent } from './sample-event.ts';

const dlr = choiceOf({ product: 'whatsapp', reportType: 'dlr', method: 'JSON' }, catalog).reportType;
const mo = choiceOf({ product: 'whatsapp', reportType: 'mo', method: 'JSON' }, catalog).reportType;
const fields = (...of: Parameters<typeof eventText>) => JSON.parse(eventText(...of));

describe('a sample as text', () => {
  it("leaves out what is the webhook's own and what nobody fills", () => {
    expect(Object.keys(fields(dlr, 'delivered', null))).toEqual([
      'productUniqueId',
      'transactionId',
      'messageId',
      'status',
      'errorCode',
      'mobileNumber',
      'receivedTime',
      'sentTime',
      'deliveredTime',
    ]);
  });

  it('says that there is nothing where the first sample has something', () => {
    expect(fields(dlr, 'failed', null)).toMatchObject({ status: 'failed', deliveredTime: null });
  });

  it("goes through the webhook's number", () => {
    expect(fields(mo, 'text', '4915112345678').productUniqueId).toBe('4915112345678');
    expect(fields(mo, 'text', null).productUniqueId).toBe('919999999999');
  });

  it('is the first one where there is none of the name', () => {
    expect(eventText(mo, 'delivered', null)).toBe(eventText(mo, 'text', null));
  });
});

describe('an event that somebody writes', () => {
  it('is read, where it is an object', () => {
    const text = '{ "status": "read", "attributes": { "cost": 0.10, "id": 12345678901234567890 } }';
    expect(readEvent(text)).toEqual({ event: text });
    expect(readEvent(' ')).toEqual({ event: '{}' });
  });

  it.each(['[]', '5', 'null', '{', '{ "status": }'])('is not %s', (text) => {
    expect(readEvent(text)).toHaveProperty('problem');
  });
});
