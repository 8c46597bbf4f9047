import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone } from '../shared/time-zone-name.ts';
import { createTimeFormatter } from './time.ts';
import { zoneOf } from './time-zone.ts';

const at = Date.UTC(2026, 10, 22, 10, 15, 30);
const wall = 'YYYY-MM-DD HH:mm:ss';

describe('times', () => {
  it.each([
    ['iso', 'UTC', '2026-11-22T10:15:30.000Z'],
    ['iso', 'Etc/UTC', '2026-11-22T10:15:30.000Z'],
    ['iso', 'Europe/London', '2026-11-22T10:15:30.000+00:00'],
    ['iso', 'Asia/Kolkata', '2026-11-22T15:45:30.000+05:30'],
    ['iso', 'Asia/Kathmandu', '2026-11-22T16:00:30.000+05:45'],
    ['iso', 'America/St_Johns', '2026-11-22T06:45:30.000-03:30'],
    ['epochSeconds', 'Asia/Kolkata', 1795342530],
    ['epochMilliseconds', 'Asia/Kolkata', 1795342530000],
    [wall, 'UTC', '2026-11-22 10:15:30'],
    [wall, 'Asia/Kolkata', '2026-11-22 15:45:30'],
  ] as const)('are written as %s in %s', (format, zone, expected) => {
    expect(createTimeFormatter(format, zone)(at)).toBe(expected);
  });

  it.each([
    ['America/New_York', '2026-03-08T06:59:59.999Z', '2026-03-08T01:59:59.999-05:00'],
    ['America/New_York', '2026-03-08T07:00:00.000Z', '2026-03-08T03:00:00.000-04:00'],
    ['Europe/Berlin', '2026-10-25T00:59:59.000Z', '2026-10-25T02:59:59.000+02:00'],
    ['Europe/Berlin', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000+01:00'],
    ['America/St_Johns', '2010-03-14T03:30:59.999Z', '2010-03-14T00:00:59.999-03:30'],
    ['America/St_Johns', '2010-03-14T03:31:00.000Z', '2010-03-14T01:01:00.000-02:30'],
    ['Pacific/Apia', '2011-12-30T09:59:59.000Z', '2011-12-29T23:59:59.000-10:00'],
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31T00:00:00.000+14:00'],
  ])('follow the clocks of %s at %s', (zone, instant, expected) => {
    expect(createTimeFormatter('iso', zone)(Date.parse(instant))).toBe(expected);
  });

  it.each([
    ['epochMilliseconds', 1.9, 1],
    ['epochMilliseconds', -0.5, -1],
    ['iso', 1.9, '1970-01-01T00:00:00.001Z'],
  ] as const)('are written in whole milliseconds (%s of %d)', (format, instant, expected) => {
    expect(createTimeFormatter(format, 'UTC')(instant)).toBe(expected);
  });

  it('keep the instant where a zone’s offset has seconds', () => {
    const instant = Date.UTC(1960, 0, 1, 12);
    // Monrovia was 44 minutes and 30 seconds behind.
    const written = String(createTimeFormatter('iso', 'Africa/Monrovia')(instant));
    expect(written).toBe('1960-01-01T11:16:00.000-00:44');
    expect(Date.parse(written)).toBe(instant);
  });

  it('round epoch seconds down', () => {
    const seconds = createTimeFormatter('epochSeconds', 'UTC');
    expect(seconds(1999)).toBe(1);
    expect(seconds(-1)).toBe(-1);
  });

  it('that are not known, or not times at all, are null in every format', () => {
    for (const format of ['iso', 'epochSeconds', 'epochMilliseconds', wall] as const) {
      const write = createTimeFormatter(format, 'Asia/Kolkata');
      for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -1e300]) {
        expect(write(value)).toBeNull();
      }
    }
  });
});

const zones = fc.constantFrom(
  ...[
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Pacific/Apia',
    'America/New_York',
    'Europe/Dublin',
  ],
  ...['Africa/Casablanca', 'Australia/Lord_Howe', 'Asia/Gaza', 'Africa/Monrovia', 'Pacific/Chatham', 'UTC'],
  ...Intl.supportedValuesOf('timeZone'),
);
const instants = fc.oneof(
  fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2050, 0, 1) }),
  fc.integer({ min: Date.UTC(1800, 0, 1), max: Date.UTC(2200, 0, 1) }),
);

/** The wall clock as Intl says it. */
function intlWallClock(zone: string, atMs: number): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    ...({ year: 'numeric', month: '2-digit', day: '2-digit' } as const),
    ...({ hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
  });
  return format.format(atMs);
}

describe('times in any zone', () => {
  it('are what Intl says', () => {
    fc.assert(
      fc.property(zones, instants, (zone, instant) => {
        expect(createTimeFormatter(wall, zone)(instant)).toBe(intlWallClock(zone, instant));
      }),
      { numRuns: 500 },
    );
  });

  it('are what Intl says in the minutes around a change of the clocks', () => {
    const change = Date.UTC(2010, 10, 7, 2, 31);
    const write = createTimeFormatter(wall, 'America/St_Johns');
    for (let minute = -20; minute <= 20; minute++) {
      const instant = change + minute * 60_000;
      expect(write(instant)).toBe(intlWallClock('America/St_Johns', instant));
    }
  });

  it('name the same instant as ISO text', () => {
    fc.assert(
      fc.property(zones, instants, (zone, instant) => {
        expect(Date.parse(String(createTimeFormatter('iso', zone)(instant)))).toBe(instant);
      }),
      { numRuns: 500 },
    );
  });

  it('are what Date writes in UTC, over all that a date can hold', () => {
    const write = createTimeFormatter('iso', 'UTC');
    fc.assert(
      fc.property(fc.integer({ min: -8.63e15, max: 8.63e15 }), (instant) => {
        expect(write(instant)).toBe(new Date(instant).toISOString());
      }),
    );
  });
});

describe('time zones', () => {
  it('are IANA names', () => {
    for (const name of ['UTC', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires', 'EST5EDT']) {
      expect(isTimeZone(name)).toBe(true);
    }
    for (const name of ['', 'IST/India', '+05:30', 'Asia/Kolkata ', 'Mars/Olympus', '__proto__']) {
      expect(isTimeZone(name)).toBe(false);
    }
  });

  it('share their offsets', () => {
    expect(zoneOf('Asia/Kolkata')).toBe(zoneOf('Asia/Kolkata'));
    expect(zoneOf('Asia/Kolkata').offset(at)).toBe(5.5 * 3_600_000);
  });
});
