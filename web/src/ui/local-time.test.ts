import { describe, expect, it } from 'vitest';
import { isoOf, localText } from './local-time.ts';

describe('a time in a form', () => {
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
});
