import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorClasses } from '../core/delivery.ts';
import { type ClassifyInput, classify, overloadRetryMs } from './classify.ts';
import { longestRetryAfterMs } from './retry-after.ts';
import type { SendResult } from './send/send-result.ts';

const now = Date.UTC(2026, 10, 22, 10, 0, 0);

const answer: SendResult = {
  startedAt: now - 40,
  durationMs: 40,
  statusCode: 200,
  headers: [],
  retryAfter: null,
  date: null,
  contentType: null,
  contentEncoding: null,
  body: Buffer.from('{"ok":true}'),
  truncated: false,
  error: null,
  shortage: null,
  resent: false,
};

type Settings = ClassifyInput['settings'];
const settings: Settings = {
  success: { codes: null, bodyContains: null },
  retry: { maxAttempts: 11, giveUpAfterMs: null },
};

interface Case extends Partial<Omit<ClassifyInput, 'result' | 'settings'>> {
  readonly result?: Partial<SendResult>;
  readonly success?: Partial<Settings['success']>;
  readonly retry?: Partial<Settings['retry']>;
}

function judge({ result, success, retry, ...input }: Case) {
  return classify({
    attemptsSinceReplay: 1,
    acceptedAt: now - 1000,
    now,
    random: () => 0.5,
    ...input,
    result: { ...answer, ...result },
    settings: { success: { ...settings.success, ...success }, retry: { ...settings.retry, ...retry } },
  });
}

describe('success', () => {
  it('is any 2xx', () => {
    for (const statusCode of [200, 201, 202, 204, 299]) {
      const verdict = judge({ result: { statusCode } });
      expect(verdict).toMatchObject({ after: { state: 'delivered' }, errorClass: null, errorDetail: null });
    }
  });

  it('is only the codes that the webhook names', () => {
    expect(judge({ result: { statusCode: 418 }, success: { codes: [418] } }).after.state).toBe('delivered');
    const verdict = judge({ success: { codes: [202, 204] } });
    expect(verdict).toMatchObject({ after: { state: 'retrying' }, errorClass: 'status' });
    expect(verdict.errorDetail).toBe('The endpoint answered 200; one of 202, 204 counts as delivered.');
  });

  it('asks for the text that the webhook names', () => {
    expect(judge({ success: { bodyContains: '"ok":true' } }).after.state).toBe('delivered');
    const verdict = judge({ success: { bodyContains: 'naïve ✓' } });
    expect(verdict).toMatchObject({ after: { state: 'retrying' }, errorClass: 'body_mismatch' });
    expect(
      judge({ result: { body: Buffer.from('a naïve ✓') }, success: { bodyContains: 'naïve ✓' } }).after.state,
    ).toBe('delivered');
  });

  it('is not an answer that does not end', () => {
    const error = { class: 'timeout_body', detail: 'It did not end.' } as const;
    expect(judge({ result: { error } })).toMatchObject({
      after: { state: 'retrying' },
      errorClass: 'timeout_body',
      errorDetail: 'It did not end.',
    });
  });

  it('is a redirect only where the webhook names its status', () => {
    const result = { statusCode: 302, error: { class: 'redirect', detail: 'It redirects.' } } as const;
    expect(judge({ result }).errorClass).toBe('redirect');
    expect(judge({ result, success: { codes: [200, 302] } }).after.state).toBe('delivered');
  });
});

describe('failure', () => {
  it('is tried again by the schedule', () => {
    const verdict = judge({ result: { statusCode: 500 }, attemptsSinceReplay: 3 });
    expect(verdict).toEqual({
      after: { state: 'retrying', dueAt: now + 120_000 },
      errorClass: 'status',
      errorDetail: 'The endpoint answered 500; a 2xx status counts as delivered.',
      disable: null,
      counts: true,
      slowDownUntil: null,
      overloaded: false,
      sign: 'failed',
    });
  });

  it('ends after three attempts where the request is too long, and says what cures it', () => {
    for (const statusCode of [414, 431]) {
      const result = { statusCode };
      expect(judge({ result, attemptsSinceReplay: 2 })).toMatchObject({
        after: { state: 'retrying' },
        errorClass: 'too_long',
        errorDetail: expect.stringContaining('use POST'),
      });
      const exhausted = { state: 'failed', reason: 'attempts_exhausted' };
      expect(judge({ result, attemptsSinceReplay: 3 }).after).toEqual(exhausted);
      expect(judge({ result, attemptsSinceReplay: 1, retry: { maxAttempts: 1 } }).after).toEqual(exhausted);
      expect(judge({ result, success: { codes: [statusCode] } }).after.state).toBe('delivered');
    }
  });

  it('ends when the attempts are used up', () => {
    const last = { result: { statusCode: 500 }, attemptsSinceReplay: 4, retry: { maxAttempts: 4 } };
    expect(judge(last).after).toEqual({ state: 'failed', reason: 'attempts_exhausted' });
    expect(judge({ ...last, attemptsSinceReplay: 3 }).after.state).toBe('retrying');
  });

  it('ends when the next attempt would come too late', () => {
    const late = { result: { statusCode: 500 }, attemptsSinceReplay: 2, acceptedAt: now - 60_000 };
    expect(judge({ ...late, retry: { giveUpAfterMs: 90_000 } }).after.state).toBe('retrying');
    expect(judge({ ...late, retry: { giveUpAfterMs: 89_999 } }).after).toEqual({
      state: 'failed',
      reason: 'gave_up_after',
    });
  });

  it('waits as long as Retry-After asks, on any status', () => {
    const verdict = judge({ result: { statusCode: 500, retryAfter: '3600' } });
    expect(verdict).toMatchObject({
      after: { state: 'retrying', dueAt: now + 3_600_000 },
      slowDownUntil: null,
    });
    expect(verdict.errorDetail).toContain('Retry-After: 3600');
  });

  it('waits by the schedule when Retry-After asks for less', () => {
    expect(judge({ result: { statusCode: 500, retryAfter: '1' } }).after).toEqual({
      state: 'retrying',
      dueAt: now + 5000,
    });
  });
});

describe('429 and 503', () => {
  it('rest the lane until Retry-After, at most a day', () => {
    for (const statusCode of [429, 503]) {
      const dueAt = now + 120_000;
      expect(judge({ result: { statusCode, retryAfter: '120' } })).toMatchObject({
        after: { dueAt },
        slowDownUntil: dueAt,
        overloaded: true,
      });
      expect(judge({ result: { statusCode, retryAfter: '9999999' } }).slowDownUntil).toBe(
        now + longestRetryAfterMs,
      );
    }
  });

  it('are soon tried again when they name no time', () => {
    for (const statusCode of [429, 503])
      expect(judge({ result: { statusCode }, attemptsSinceReplay: 7 })).toMatchObject({
        after: { dueAt: now + overloadRetryMs },
        slowDownUntil: null,
        overloaded: true,
      });
  });

  it('use up attempts no faster than the schedule does', () => {
    for (const statusCode of [429, 503]) {
      const tooMany = { result: { statusCode }, attemptsSinceReplay: 3, retry: { maxAttempts: 3 } };
      const soon = judge({ ...tooMany, countedAt: now - 20_000 });
      expect([soon.counts, soon.after.state]).toEqual([false, 'retrying']);
      const late = judge({ ...tooMany, countedAt: now - 24_000 });
      expect([late.counts, late.after.state]).toEqual([true, 'failed']);
    }
    expect(judge({ result: { statusCode: 500 }, attemptsSinceReplay: 3, countedAt: now - 1 }).counts).toBe(
      true,
    );
    expect(judge({ result: { statusCode: 429 }, countedAt: null }).counts).toBe(true);
  });
});

describe('410', () => {
  it('disables the webhook and keeps the delivery, even after its last attempt', () => {
    const verdict = judge({
      result: { statusCode: 410 },
      attemptsSinceReplay: 11,
      retry: { giveUpAfterMs: 1 },
    });
    expect(verdict).toMatchObject({ after: { state: 'retrying' }, disable: 'gone', errorClass: 'status' });
  });

  it('is a success where the webhook names it', () => {
    expect(judge({ result: { statusCode: 410 }, success: { codes: [410] } })).toMatchObject({
      after: { state: 'delivered' },
      disable: null,
    });
  });
});

describe('any outcome', () => {
  const outcome = fc.record({
    statusCode: fc.option(fc.integer({ min: 200, max: 599 })),
    retryAfter: fc.option(fc.oneof(fc.nat(200_000).map(String), fc.string())),
    error: fc.option(fc.record({ class: fc.constantFrom(...errorClasses), detail: fc.string() })),
  });

  it('is due in the future, within bounds, and never before Retry-After', () => {
    fc.assert(
      fc.property(
        outcome,
        fc.integer({ min: 1, max: 50 }),
        fc.double({ noNaN: true }),
        (result, attempts, random) => {
          const verdict = judge({
            result,
            attemptsSinceReplay: attempts,
            random: () => random,
            retry: { maxAttempts: 100 },
          });
          expect(verdict.after.state === 'delivered').toBe(verdict.errorClass === null);
          if (verdict.after.state !== 'retrying') return;
          const wait = verdict.after.dueAt - now;
          expect(wait).toBeGreaterThanOrEqual(verdict.overloaded ? 800 : 4000);
          expect(wait).toBeLessThanOrEqual(longestRetryAfterMs);
          expect(wait).toBeGreaterThanOrEqual((verdict.slowDownUntil ?? now) - now);
          if (/^\d+$/.test(result.retryAfter ?? '')) {
            expect(wait).toBeGreaterThanOrEqual(
              Math.min(Number(result.retryAfter) * 1000, longestRetryAfterMs),
            );
          }
        },
      ),
    );
  });
});

describe('the sentence for the endpoint’s developer', () => {
  it('says of 410 what follows from it, and not which status would have been right', () => {
    const { errorDetail } = judge({ result: { statusCode: 410, retryAfter: '60' } });
    expect(errorDetail).toBe('The endpoint answered 410 (gone), so the webhook is disabled.');
  });

  it('repeats 40 characters of Retry-After at most', () => {
    const { errorDetail } = judge({ result: { statusCode: 503, retryAfter: 'x'.repeat(5_000) } });
    expect(errorDetail).toContain(`(Retry-After: ${'x'.repeat(40)});`);
  });
});
