import { describe, expect, it } from 'vitest';
import { isoOf, localText, rangeWords } from './time-range.ts';

describe('a time range', () => {
  it('comes back from the fields of a form as it went in', () => {
    const iso = '2026-11-22T10:15:30.000Z';
    expect(isoOf(localText(iso))).toBe(iso);
  });

  it('is empty where a field is empty or holds no time', () => {
    expect(isoOf('')).toBe('');
    expect(isoOf('soon')).toBe('');
    expect(localText(undefined)).toBe('');
    expect(localText('soon')).toBe('');
  });

  it('says in words whether it has a beginning and an end', () => {
    const from = '2026-11-22T10:00:00.000Z';
    expect(rangeWords({})).toBe('Any time');
    expect(rangeWords({ from })).toMatch(/^Since /);
    expect(rangeWords({ to: from })).toMatch(/^Until /);
    expect(rangeWords({ from, to: '2026-11-22T11:00:00.000Z' })).toContain('–');
  });
});
