import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantProblem, parseInstant } from './instant.ts';

describe('parseInstant', () => {
  it.each([
    ['2026-11-22T10:15:30.000Z', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22T10:15:30Z', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22T10:15Z', Date.UTC(2026, 10, 22, 10, 15)],
    ['2026-11-22T15:45:30+05:30', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22T02:15:30.250-08:00', Date.UTC(2026, 10, 22, 10, 15, 30, 250)],
    ['2026-11-22T10:15:30.123456789Z', Date.UTC(2026, 10, 22, 10, 15, 30, 123)],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
    ['1970-01-01T00:00:00Z', 0],
    ['2026-11-22T15:45:30.000+0530', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22 15:45:30 +0530', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22 10:15:30 UTC', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22T10:15:30GMT', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22T05:15:30-05', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22T15:15:30+05', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22T06:45:30\u22120330', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22t10:15:30z', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22 10:15:30.5+00', Date.UTC(2026, 10, 22, 10, 15, 30, 500)],
    ['2026-11-22T10:15:30-00:00', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2026-11-22T10:15:30,25Z', Date.UTC(2026, 10, 22, 10, 15, 30, 250)],
    ['2026-11-22T10:15:30.1239999999999999999Z', Date.UTC(2026, 10, 22, 10, 15, 30, 123)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2017-01-01T05:29:60.250+05:30', Date.UTC(2017, 0, 1, 0, 0, 0, 250)],
    ['2026-11-22T24:00:00Z', Date.UTC(2026, 10, 23)],
    ['2026-11-22T10:15+0000', Date.UTC(2026, 10, 22, 10, 15)],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    ['2026-11-22T10:15:30', 'no zone'],
    ['2026-11-22T10:15:30.000', 'no zone'],
    ['2026-11-22', 'no time'],
    ['2026-02-30T10:15:30Z', '30 February'],
    ['2027-02-29T10:15:30Z', '29 February in a common year'],
    ['2026-04-31T10:15:30Z', '31 April'],
    ['2026-00-10T10:15:30Z', 'month 0'],
    ['2026-13-10T10:15:30Z', 'month 13'],
    ['2026-11-00T10:15:30Z', 'day 0'],
    ['2026-11-22T25:15:30Z', 'hour 25'],
    ['2026-11-22T10:60:30Z', 'minute 60'],
    ['2026-11-22T10:15:61Z', 'second 61'],
    ['2026-11-22T24:00:01Z', 'behind the end of the day'],
    ['2026-11-22T10:15:30+24:00', 'an offset of a day'],
    ['2026-11-22T10:15:30+530', 'an offset of three digits'],
    ['2026-11-22T10:15:30+05:60', 'an offset of 60 minutes'],
    ['2026-11-22T10:15:30 05:30', 'a plus that became a space'],
    ['2026-11-22T10:15:30+05:30:00', 'an offset with seconds'],
    ['2026-11-22T10:15.5Z', 'a fraction of a minute'],
    ['2026-11-22T10:15:30.Z', 'no fraction behind the point'],
    ['1969-12-31T23:59:59Z', 'before 1970'],
    [' 2026-11-22T10:15:30Z', 'a space before'],
    ['1795342530', 'a number'],
    ['1970-01-01T00:00:00+05:30', 'before 1970 by its zone'],
    ['9999-12-31T23:59:59.999-00:01', 'a year of five digits by its zone'],
    ['9999-12-31T23:59:60Z', 'a year of five digits by a leap second'],
    ['9999-12-31T24:00Z', 'a year of five digits at midnight'],
    [`2026-11-22T10:15:30.${'0'.repeat(100_000)}Z`, 'longer than any time'],
    ['', 'nothing'],
  ])('does not read %o (%s)', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('reads every spelling of an instant as the same', () => {
    const instant = fc.date({
      noInvalidDate: true,
      min: new Date(86_400_000),
      max: new Date('9998-12-31T00:00:00Z'),
    });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const among = (...texts: string[]) => fc.constantFrom(...texts);
    const spelling = fc.record({
      t: among('T', 't', ' '),
      point: among('.', ','),
      colon: among(':', ''),
      z: among('Z', 'z'),
    });
    fc.assert(
      fc.property(
        instant,
        offset,
        spelling,
        fc.stringMatching(/^\d{0,30}$/),
        (date, minutes, { t, point, colon, z }, more) => {
          const local = new Date(date.getTime() + minutes * 60_000).toISOString();
          const two = (value: number) => String(value).padStart(2, '0');
          const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
          const sign = minutes < 0 ? '-' : '+';
          const zones = [`${sign}${two(hours)}${colon}${two(rest)}`];
          if (rest === 0) zones.push(`${sign}${two(hours)}`);
          if (minutes === 0) zones.push(z);
          for (const zone of zones) {
            const text = `${local.slice(0, 10)}${t}${local.slice(11, 19)}${point}${local.slice(20, 23)}${more}${zone}`;
            expect(parseInstant(text)).toBe(date.getTime());
          }
        },
      ),
    );
  });

  it.each([
    ['2026-11-22T10:15:30', /^has no time zone \(Z for UTC.*: write an ISO 8601 time with its zone/],
    ['2026-11-22 10:15:30', /^has no time zone/],
    ['2026-11-22T10:15:30.000', /^has no time zone/],
    ['2026-11-22', /^has neither a time of day nor a time zone/],
    ['2026-02-30T10:15:30Z', /that there is not/],
    ['2026-11-22T15:45:30 0530', /in a URL "\+" is written %2B/],
    ['1795342530', /^is no instant/],
    [1795342530, /^is a number, which does not say its unit/],
    ['yesterday', /^is no instant: write an ISO 8601 time with its zone/],
    [null, /^is no instant/],
    ['9'.repeat(1000), /1000 characters/],
  ])('says of %o what is missing', (text, words) => {
    expect(instantProblem(text)).toMatch(words);
  });

  it('reads every instant that JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z') }),
        (date) => {
          expect(parseInstant(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
});
