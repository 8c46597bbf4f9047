import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from './instant.ts';

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
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    ['2026-11-22T10:15:30', 'no zone'],
    ['2026-11-22T10:15:30.000', 'no zone'],
    ['2026-11-22', 'no time'],
    ['2026-11-22 10:15:30Z', 'no T'],
    ['2026-02-30T10:15:30Z', '30 February'],
    ['2027-02-29T10:15:30Z', '29 February in a common year'],
    ['2026-04-31T10:15:30Z', '31 April'],
    ['2026-00-10T10:15:30Z', 'month 0'],
    ['2026-13-10T10:15:30Z', 'month 13'],
    ['2026-11-00T10:15:30Z', 'day 0'],
    ['2026-11-22T25:15:30Z', 'hour 25'],
    ['2026-11-22T10:60:30Z', 'minute 60'],
    ['2026-11-22T10:15:60Z', 'second 60'],
    ['2026-11-22T10:15:30+24:00', 'an offset of a day'],
    ['2026-11-22T10:15:30+0530', 'an offset without its colon'],
    ['2026-11-22T10:15:30.Z', 'no fraction behind the point'],
    ['1969-12-31T23:59:59Z', 'before 1970'],
    [' 2026-11-22T10:15:30Z', 'a space before'],
    ['1795342530', 'a number'],
    ['', 'nothing'],
  ])('does not read %o (%s)', (text) => {
    expect(parseInstant(text)).toBeNull();
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
