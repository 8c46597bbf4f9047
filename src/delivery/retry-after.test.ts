import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestRetryAfterMs, retryAfterMs } from './retry-after.ts';

const now = Date.UTC(1994, 10, 6, 8, 49, 0);

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['1.5', 1500],
    ['0.0001', 1],
    ['1.9999', 2000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
    ['Sun, 06 Nov 2094 08:49:37 GMT', longestRetryAfterMs],
    ['99999999999999999999', longestRetryAfterMs],
  ])('"%s" asks for %d ms', (header, wait) => {
    expect(retryAfterMs(header, now)).toBe(wait);
  });

  it.each([null, '', 'soon', '-5', '1e3', '0x10', 'Sun, 99 Foo 1994 08:49:37 GMT', '2026-11-22T10:00:00Z'])(
    '%j asks for nothing',
    (header) => {
      expect(retryAfterMs(header, now)).toBeNull();
    },
  );

  it.each([
    ['an hour fast', 'Sun, 06 Nov 1994 09:49:00 GMT', 'Sun, 06 Nov 1994 09:49:20 GMT'],
    ['an hour slow', 'Sun, 06 Nov 1994 07:49:00 GMT', 'Sun, 06 Nov 1994 07:49:20 GMT'],
    ['of another century', 'Mon, 06 Nov 2094 08:49:00 GMT', 'Mon, 06 Nov 2094 08:49:20 GMT'],
  ])('as a date is in the clock of the endpoint, which is %s', (_clock, date, header) => {
    expect(retryAfterMs(header, now, date)).toBe(20_000);
  });

  it('as a date is taken by the clock of the gateway where the answer’s Date cannot be read', () => {
    expect(retryAfterMs('Sun, 06 Nov 1994 08:49:37 GMT', now, 'today')).toBe(37_000);
  });

  it('in seconds needs no clock', () => {
    expect(retryAfterMs('20', now, 'Sun, 06 Nov 1994 09:49:00 GMT')).toBe(20_000);
  });

  it('is read whatever the machine’s time zone is', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'Asia/Kolkata';
    try {
      expect(retryAfterMs('Sun Nov  6 08:49:37 1994', now)).toBe(37_000);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('stays between nothing and 24 hours for any text', () => {
    const header = fc.oneof(
      fc.string(),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.double().map(String),
    );
    fc.assert(
      fc.property(header, (text) => {
        const wait = retryAfterMs(text, now);
        if (wait === null) return;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(longestRetryAfterMs);
      }),
    );
  });
});
