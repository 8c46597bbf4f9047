import { describe, expect, it } from 'vitest';
import { keptFor, keptInWords, whyGone } from './kept-words.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const kept = {
  contents: 'kept',
  contentsKeptUntil: '2026-05-03T12:00:00.000Z',
  keptUntil: '2027-06-12T12:00:00.000Z',
} as const;

describe('how long something is kept', () => {
  it.each([
    [0, 'for ever'],
    [1, 'for 1 day'],
    [400, 'for 400 days'],
    [36_500, 'for 36,500 days'],
  ])('%d days are told as "%s"', (days, words) => {
    expect(keptFor(days)).toBe(words);
  });

  it('is told with the days on which it ends', () => {
    expect(keptInWords(kept)).toBe('Contents until 3 May 2026, the entry until 12 June 2027');
    expect(keptInWords({ ...kept, contents: 'cut' })).toBe('The entry until 12 June 2027');
    expect(keptInWords({ ...kept, keptUntil: null })).toBe('Contents until 3 May 2026, the entry for ever');
    expect(keptInWords({ ...kept, contentsKeptUntil: null, keptUntil: null })).toBe('All of it for ever');
    expect(keptInWords({ ...kept, contentsKeptUntil: kept.keptUntil })).toBe('All of it until 12 June 2027');
  });
});

describe('why contents are gone', () => {
  it('is told with the day until which they were kept, as far as it is known', () => {
    expect(whyGone(kept, now)).toBeNull();
    expect(whyGone({ ...kept, contents: 'cut' }, now)).toBe('Its contents were kept until 3 May 2026.');
    const shorter = 'The account kept them for a shorter time then.';
    expect(whyGone({ ...kept, contents: 'cut', contentsKeptUntil: null }, now)).toBe(shorter);
    expect(whyGone({ ...kept, contents: 'cut', contentsKeptUntil: kept.keptUntil }, now)).toBe(shorter);
    expect(whyGone({ ...kept, contents: 'erased' }, now)).toMatch(/asked for it to be forgotten/);
  });
});
