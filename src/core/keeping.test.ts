import { describe, expect, it } from 'vitest';
import { isPayloadLonger, keepInEffect, keepTimes } from './keeping.ts';

const all = { payloadDays: 30, logDays: 400 };

describe('how long things are kept', () => {
  it('is what all have, but for what an account has of its own', () => {
    expect(keepInEffect(all, { payloadDays: null, logDays: null })).toEqual(all);
    expect(keepInEffect(all, { payloadDays: 7, logDays: null })).toEqual({ payloadDays: 7, logDays: 400 });
    expect(keepInEffect(all, { payloadDays: null, logDays: 0 })).toEqual({ payloadDays: 30, logDays: 0 });
  });

  it('is never longer for the payload than for its entry in the log', () => {
    expect(keepInEffect({ payloadDays: 5, logDays: 10 }, { payloadDays: 90, logDays: null })).toEqual({
      payloadDays: 10,
      logDays: 10,
    });
    expect(keepInEffect(all, { payloadDays: 0, logDays: null })).toEqual({ payloadDays: 400, logDays: 400 });
  });

  it.each([
    [30, 400, false],
    [400, 400, false],
    [401, 400, true],
    [0, 400, true],
    [0, 0, false],
    [30, 0, false],
  ])(
    '%s days of payload beside %s days of log: too long is %s (0 is for ever)',
    (payloadDays, logDays, is) => {
      expect(isPayloadLonger({ payloadDays, logDays })).toBe(is);
    },
  );

  it('is counted in milliseconds, and has no end with 0', () => {
    expect(keepTimes({ payloadDays: 1, logDays: 0 })).toEqual({ payloadMs: 86_400_000, logMs: null });
  });
});
