import { describe, expect, it } from 'vitest';
import { webhookOf } from '../../testing/webhook.ts';
import { aboutWords, describeWebhook, durationWords, retryWords, successWords } from './describe.ts';

describe('a webhook in words', () => {
  it('says when a report counts as delivered', () => {
    expect(successWords(webhookOf())).toBe('The endpoint answers with any 2xx status within 15 seconds.');
    const strict = webhookOf({}, { success: { codes: [200, 202], bodyContains: 'OK' }, timeoutMs: 2_500 });
    expect(successWords(strict)).toBe(
      'The endpoint answers with status 200 or 202 and a body that contains “OK” within 2.5 seconds.',
    );
  });

  it('says how often and how long it is tried again', () => {
    expect(retryWords(webhookOf())[0]).toBe(
      'It is tried again up to 10 times over about a day, with longer and longer pauses; then the delivery fails.',
    );
    const retry = { maxAttempts: 2, giveUpAfterMs: 5_400_000 };
    expect(retryWords(webhookOf({}, { retry, ordered: true }))).toEqual([
      'It is tried once more after about 5 seconds; then the delivery fails. No attempt starts later than 1 hour and 30 minutes after the report was accepted.',
      "One message's reports go strictly one after another: later ones wait meanwhile.",
    ]);
    const never = webhookOf({}, { retry: { maxAttempts: 1, giveUpAfterMs: null } });
    expect(retryWords(never)[0]).toContain('not tried again');
  });

  it('tells of statuses, batches, formats, limits', () => {
    const webhook = webhookOf(
      { method: 'XML' },
      {
        statuses: ['delivered', 'failed'],
        batch: { maxItems: 100, maxWaitMs: 500, maxBytes: 921_600 },
        mobileFormat: 'e164',
        timeFormat: 'YYYY-MM-DD HH:mm:ss',
        timeZone: 'Asia/Kolkata',
        maxConcurrency: 1,
        ratePerSecond: 10,
      },
    );
    const all = describeWebhook(webhook).flatMap(({ sentences }) => sentences);
    expect(all).toContain('Only these are sent: delivered and failed.');
    expect(all).toContain(
      'Up to 100 reports go in one request of at most 900 KiB, as a list; the first waits at most 500 ms for others.',
    );
    expect(all).toContain(
      'Times are YYYY-MM-DD HH:mm:ss in Asia/Kolkata; phone numbers are digits with a plus sign before them.',
    );
    expect(all).toContain('At most 1 request at a time, and at most 10 a second.');
  });
});

describe('durations', () => {
  it('are exact, or about right', () => {
    expect(durationWords(90_061_000)).toBe('1 day, 1 hour, 1 minute and 1 second');
    expect(aboutWords(3_600_000)).toBe('about an hour');
    expect(aboutWords(87_155_000)).toBe('about a day');
    expect(aboutWords(35_000)).toBe('about 35 seconds');
  });
});
