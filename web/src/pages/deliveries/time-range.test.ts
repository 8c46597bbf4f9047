import { describe, expect, it } from 'vitest';
import { rangeWords } from './time-range.ts';

describe('a time range', () => {
  it('says in words whether it has a beginning and an end', () => {
    const from = '2026-11-22T10:00:00.000Z';
    expect(rangeWords({})).toBe('Any time');
    expect(rangeWords({ from })).toMatch(/^Since /);
    expect(rangeWords({ to: from })).toMatch(/^Until /);
    expect(rangeWords({ from, to: '2026-11-22T11:00:00.000Z' })).toContain('–');
  });
});
