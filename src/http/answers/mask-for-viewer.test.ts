import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText } from '../../core/json-text.ts';
import { KeptJson } from '../../core/kept-json.ts';
import { digitsOf } from '../../core/mask-number.ts';
import { testEvent } from '../../testing/factories.ts';
import { maskForViewer } from './mask-for-viewer.ts';

const number = fc.stringMatching(/^[1-9][0-9]{7,14}$/);
const spelling = fc.constantFrom('', '+', '00', 'tel:+', 'wa.me/');

describe('an answer to a viewer', () => {
  it('shows the last four digits of a number, wherever it occurs', () => {
    const answer = {
      id: 'dlv_0a1b2c3d4e5',
      mobileNumber: '+919812345678',
      acceptedAt: '2026-11-22T10:15:30.000Z',
      message: { from: '919812345678', text: { body: 'I am 00919812345678' } },
      attributes: { 919812345678: [919812345678, 12] },
      attempts: [{ number: 1, durationMs: 12.5, responseBody: '{"to":919812345678}' }],
    };
    expect(maskForViewer(answer)).toEqual({
      id: 'dlv_0a1b2c3d4e5',
      mobileNumber: '+••••••••5678',
      acceptedAt: '2026-11-22T10:15:30.000Z',
      message: { from: '••••••••5678', text: { body: 'I am 00••••••••5678' } },
      attributes: { '••••••••5678': ['••••••••5678', 12] },
      attempts: [{ number: 1, durationMs: 12.5, responseBody: '{"to":••••••••5678}' }],
    });
  });

  it("keeps the account's own number, also where a message names it", () => {
    const answer = {
      productUniqueId: '919999999999',
      mobileNumber: '919812345678',
      message: { to: '919999999999', from: '919812345678', text: { body: 'to +919999999999' } },
    };
    expect(maskForViewer(answer)).toEqual({
      productUniqueId: '919999999999',
      mobileNumber: '••••••••5678',
      message: { to: '919999999999', from: '••••••••5678', text: { body: 'to +919999999999' } },
    });
  });

  it('hides numbers of the event that it is about, though it does not name them', () => {
    const answer = { url: 'https://example.com/?to=919812345678', headers: [['x-to', '+919812345678']] };
    expect(maskForViewer(answer, testEvent({ mobileNumber: '919812345678' }))).toEqual({
      url: 'https://example.com/?to=••••••••5678',
      headers: [['x-to', '+••••••••5678']],
    });
  });

  it('hides the numbers of contacts that a message carries', () => {
    const answer = {
      message: { contacts: [{ phones: [{ phone: '+1 (650) 555-1234', wa_id: '16505551234' }] }] },
    };
    expect(JSON.stringify(maskForViewer(answer))).not.toContain('555');
  });

  it.each([
    '"٩١٩٨١٢٣٤٥٦٧٨"',
    '"\\u2066+91 98123 45678\\u2069"',
    '"whatsapp:+919812345678"',
    '"919812345678@s.whatsapp.net"',
    '"+91 98123 45678 ext. 5"',
    '["16505550000","919812345678"]',
    '[null, 919812345678]',
  ])('hides the number of a field that has it as %s', (written) => {
    const text = `{"to":${written},"text":{"body":"call 919812345678, 09812345678 or ${'٩١٩٨١٢٣٤٥٦٧٨'}"}}`;
    const kept = jsonText(maskForViewer({ message: new KeptJson(text, JSON.parse(text)) }));
    const parsed = jsonText(maskForViewer({ message: JSON.parse(text) }));
    for (const shown of [kept, parsed]) {
      expect(digitsOf(shown)).not.toContain('12345');
      expect(shown).toContain('call ••••••••5678');
    }
  });

  it('hides in what an endpoint answered whatever looks like a number, since a batch has those of others', () => {
    const answerOf = (responseBody: string) =>
      maskForViewer({ mobileNumber: '919812345678', attempts: [{ responseBody }] }).attempts[0]?.responseBody;
    expect(answerOf('[{"to":"919876500001"},{"to":"+1 (650) 555-1234"}]')).toBe(
      '[{"to":"••••••••0001"},{"to":"+• (•••) •••-1234"}]',
    );
    for (const text of [
      '{"at":"2026-11-22T10:15:30.000Z","on":"2026-11-22 10:15:30","count":30000}',
      '{"id":"81934341034091431","ref":"evt_06yae3z1c00","code":200}',
    ]) {
      expect(answerOf(text)).toBe(text);
    }
  });

  describe('with JSON in a string', () => {
    it.each([0, 1, 2, 3])('hides the numbers that its fields name, %i strings deep', (levels) => {
      let text = JSON.stringify({ contact: { phone: '+91 98123 45678' } });
      for (let n = 0; n < levels; n++) text = JSON.stringify(n % 2 === 0 ? { raw: text } : text);
      const shown = JSON.stringify(maskForViewer({ payload: text, note: 'call 09812345678' }));
      expect(shown).not.toMatch(/98123|12345/);
      expect(shown).toContain('5678');
    });

    it('hides whatever looks like a number in what somebody filled into a form', () => {
      const response_json = '{"screen_0_Telefon_1":"919876500001","when":"2026-11-22","count":12}';
      const { nfm_reply } = maskForViewer({ nfm_reply: { name: 'flow', response_json } });
      expect(nfm_reply.response_json).toBe(
        '{"screen_0_Telefon_1":"••••••••0001","when":"2026-11-22","count":12}',
      );
    });

    it('leaves what only begins like JSON as it is', () => {
      const answer = { mobileNumber: '919812345678', text: { body: '{not JSON', more: '["a"' } };
      expect(maskForViewer(answer)).toEqual({ ...answer, mobileNumber: '••••••••5678' });
    });
  });

  it('leaves counts, times and ids alone', () => {
    const answer = {
      mobileNumber: '30000',
      from: '2026-11-22T10:15:30.000Z',
      to: '2026-11-23T10:15:30.000Z',
      durationMs: 30_000,
      at: '2026-11-22T10:15:30.000Z',
      id: 'evt_30000a1b2c3',
      none: null,
      yes: true,
    };
    expect(maskForViewer(answer)).toEqual({ ...answer, mobileNumber: '•0000' });
  });

  it('never holds the digits of a number, whatever is in it', () => {
    const answers = number.chain((digits) => {
      const mention = fc
        .tuple(fc.string({ maxLength: 8 }), spelling, fc.string({ maxLength: 8 }))
        .map(([before, prefix, after]) => `${before}${prefix}${digits}${after}`);
      const content = fc.letrec<{ node: unknown }>((tie) => ({
        node: fc.oneof(
          { depthSize: 'small' },
          mention,
          fc.constant(Number(digits)),
          fc.integer(),
          fc.boolean(),
          fc.array(tie('node'), { maxLength: 3 }),
          fc.dictionary(fc.oneof(mention, fc.constant('wa_id'), fc.string()), tie('node'), { maxKeys: 3 }),
        ),
      })).node;
      return fc.record({
        digits: fc.constant(digits),
        answer: fc.record({
          mobileNumber: spelling.map((prefix) => `${prefix}${digits}`),
          messageId: mention,
          message: content,
          attributes: content,
          attempts: fc.array(fc.record({ responseBody: mention, errorDetail: mention }), { maxLength: 3 }),
        }),
      });
    });
    fc.assert(
      fc.property(answers, ({ digits, answer }) => {
        const masked = maskForViewer(answer);
        expect(JSON.stringify(masked)).not.toContain(digits);
        expect(digitsOf(masked.mobileNumber)).toMatch(new RegExp(`^0{0,2}${digits.slice(-4)}$`));
      }),
    );
  });
});
