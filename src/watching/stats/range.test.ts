import { describe, expect, it } from 'vitest';
import { horizonAt, resolveRange } from './range.ts';

const now = Date.UTC(2026, 10, 22, 10, 20, 30);
const at = (text: string): number => Date.parse(text);

function problem(asked: Parameters<typeof resolveRange>[0]): string {
  try {
    resolveRange(asked, now);
  } catch (error) {
    return Object(error).message;
  }
  return 'none';
}

describe('the range of statistics', () => {
  it('is the last 24 hours by the hour, unless told', () => {
    expect(resolveRange({}, now)).toEqual({
      from: at('2026-11-21T11:00:00Z'),
      to: at('2026-11-22T11:00:00Z'),
      bucket: 'hour',
    });
  });

  it('is an hour by the minute and thirty days by the day', () => {
    expect(resolveRange({ bucket: 'minute' }, now)).toMatchObject({
      from: at('2026-11-22T09:21:00Z'),
      to: at('2026-11-22T10:21:00Z'),
    });
    expect(resolveRange({ bucket: 'day' }, now)).toMatchObject({
      from: at('2026-10-24T00:00:00Z'),
      to: at('2026-11-23T00:00:00Z'),
    });
  });

  it('is widened to whole buckets', () => {
    const asked = { from: at('2026-11-22T08:59:59Z'), to: at('2026-11-22T09:00:01Z') };
    expect(resolveRange(asked, now)).toMatchObject({
      from: at('2026-11-22T08:00:00Z'),
      to: at('2026-11-22T10:00:00Z'),
    });
  });

  it('must not be empty', () => {
    const one = at('2026-11-22T08:00:00Z');
    expect(problem({ from: one, to: one })).toBe('query.from: must be before to.');
    expect(problem({ from: now + 3_600_000 })).toBe('query.from: must be before now.');
  });

  it('has at most 1,500 buckets: a day by the minute fits', () => {
    const to = at('2026-11-22T10:00:00Z');
    expect(problem({ from: at('2026-11-21T10:00:00Z'), to, bucket: 'minute' })).toBe('none');
    expect(problem({ from: at('2026-11-21T08:59:00Z'), to, bucket: 'minute' })).toBe(
      'query.from: and to are 1501 minutes apart; at most 1500 are given at once. Shorten the range or take a larger bucket.',
    );
  });

  it('goes back by the minute or hour only as far as they are kept, and says where to go on', () => {
    const day = {
      from: at('2026-11-20T10:19:00Z'),
      to: at('2026-11-20T10:25:00Z'),
      bucket: 'minute',
    } as const;
    expect(problem(day)).toBe(
      'query.from: is 2026-11-20T10:19:00.000Z, but figures by the minute go back to 2026-11-20T10:20:00.000Z only. Ask with bucket=hour.',
    );
    expect(problem({ ...day, from: at('2026-11-20T10:20:00Z') })).toBe('none');
    expect(problem({ from: at('2026-10-18T10:00:00Z') })).toBe('none');
    expect(problem({ from: at('2026-10-18T09:00:00Z') })).toMatch(/Ask with bucket=day\.$/);
    expect(problem({ from: at('2025-06-01T00:00:00Z'), bucket: 'day' })).toBe('none');
  });

  it('never reaches what the store may have tidied up already', () => {
    const horizon = horizonAt(now);
    expect(
      resolveRange({ from: now - 48 * 3_600_000, to: now - 47 * 3_600_000, bucket: 'minute' }, now).from,
    ).toBeGreaterThanOrEqual(horizon.minute);
    expect(resolveRange({ from: now - 35 * 86_400_000 }, now).from).toBeGreaterThanOrEqual(horizon.hour);
  });
});
