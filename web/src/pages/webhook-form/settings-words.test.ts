import { describe, expect, it } from 'vitest';
import type { WebhookSettings } from '../../api/webhook-form.ts';
import { catalog } from '../../testing/catalog.ts';
import { choiceOf } from './draft.ts';
import { emptySettings, settingsOf } from './settings-draft.ts';
import { durationWords, settingsInWords } from './settings-words.ts';

const dlr = choiceOf({ product: 'sms', reportType: 'dlr', method: 'JSON' }, catalog);
const mo = choiceOf({ product: 'whatsapp', reportType: 'mo', method: 'JSON' }, catalog);
const words = (change: Partial<WebhookSettings>, choice = dlr) =>
  settingsInWords({ ...settingsOf(emptySettings(catalog), choice, catalog), ...change }, choice, catalog);

describe('settings in words', () => {
  it('say what holds where nothing was chosen', () => {
    expect(words({})).toEqual([
      'Times: ISO 8601 in UTC.',
      'Numbers: digits.',
      'An answer within 15 seconds.',
      'Up to 50 requests at a time.',
      'Up to 11 attempts.',
      'Any 2xx status counts as delivered.',
    ]);
  });

  it('say what was chosen', () => {
    const chosen = words({
      timeFormat: 'epochSeconds',
      ratePerSecond: 0.5,
      retry: { maxAttempts: 3, giveUpAfterMs: 5_400_000 },
      success: { codes: [200, 202], bodyContains: 'ok' },
      ordered: true,
      batch: { maxItems: 20, maxWaitMs: 250, maxBytes: 921_600 },
      statuses: ['delivered', 'failed'],
    });
    expect(chosen[0]).toBe('Times: Seconds since 1970.');
    expect(chosen.slice(3)).toEqual([
      'Up to 50 requests at a time and 0.5 a second.',
      'Up to 3 attempts, for 1.5 hours at most.',
      'Status 200, 202 with "ok" in the body counts as delivered.',
      'The reports of a message one after another.',
      'Up to 20 reports in a request, waiting 0.25 seconds at most.',
      'Only delivered, failed.',
    ]);
    expect(words({ retry: { maxAttempts: 1, giveUpAfterMs: null } })).toContain('One attempt, no retry.');
  });

  it('tell of the message format only where there is a choice', () => {
    expect(words({}, mo)).toContain('Messages: As WhatsApp sends it.');
    expect(words({ moFormat: 'flat' }, mo)).toContain('Messages: Flat.');
    expect(words({ moFormat: 'flat', moMessage: false }, mo)).toContain('Without the whole message.');
    expect(words({ statuses: ['delivered'] }, mo).join(' ')).not.toContain('Only');
  });

  it('tell of times and numbers only where the gateway writes them', () => {
    const ops = choiceOf({ product: 'hookwire', reportType: 'operations', method: 'JSON' }, catalog);
    const xml = choiceOf({ product: 'whatsapp', reportType: 'mo', method: 'XML' }, catalog);
    const told = (given: string[]) => given.some((sentence) => sentence.startsWith('Times'));
    expect([words({}), words({}, xml), words({ moFormat: 'flat' }, mo)].map(told)).toEqual([
      true,
      true,
      true,
    ]);
    expect([words({}, ops), words({}, mo)].map(told)).toEqual([false, false]);
  });

  it.each([
    [0, '0 seconds'],
    [250, '0.25 seconds'],
    [1_000, '1 second'],
    [90_000, '1.5 minutes'],
    [3_600_000, '1 hour'],
    [604_800_000, '7 days'],
  ])('give %i ms in the unit that fits', (ms, text) => {
    expect(durationWords(ms)).toBe(text);
  });
});
