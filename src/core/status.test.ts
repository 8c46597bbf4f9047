import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusKey, statusMeaning } from './status.ts';

const ours = ['accepted', 'sent', 'delivered', 'read', 'played', 'failed', 'expired', 'rejected', 'unknown'];

describe('a status that is compared', () => {
  it.each([
    ['DELIVRD', 'delivered'],
    ['UNDELIV', 'failed'],
    ['UNDELIVERABLE', 'failed'],
    ['EXPIRED', 'expired'],
    ['REJECTD', 'rejected'],
    ['ACCEPTD', 'accepted'],
    ['ENROUTE', 'sent'],
    ['UNKNOWN', 'unknown'],
    ['DELETED', 'failed'],
  ])("counts SMPP's %s as %s", (word, status) => {
    expect(statusMeaning('sms', word)).toBe(status);
    expect(statusMeaning('sms', ` ${word.toLowerCase()}\t`)).toBe(status);
  });

  it('is the same in any case and with any space around it', () => {
    const space = fc.constantFrom(
      '',
      ' ',
      '\t',
      '\r\n',
      '\u00a0',
      '\u3000',
      '\ufeff',
      '\u200b',
      '\u2066',
      '\u00ad',
    );
    const word = fc.oneof(
      fc.constantFrom(...ours, 'DELIVRD', 'buffered'),
      fc.stringMatching(/^[a-z_]{1,20}$/),
    );
    fc.assert(
      fc.property(word, fc.infiniteStream(fc.boolean()), space, space, (text, upper, before, after) => {
        const mixed = [...text]
          .map((letter) => (upper.next().value ? letter.toUpperCase() : letter))
          .join('');
        expect(statusKey(`${before}${mixed}${after}`)).toBe(statusKey(text));
      }),
    );
  });

  it('keeps those apart that say different things', () => {
    const words = [...ours, 'deliv\u200bered', 'deleted', 'buffered', 'un deliv', 'delivr'];
    expect(new Set(words.map(statusKey)).size).toBe(words.length);
  });

  it("takes WhatsApp's deleted for no failure: the message was taken back", () => {
    expect(statusMeaning('whatsapp', 'deleted')).toBe('deleted');
  });
});
