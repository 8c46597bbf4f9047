import { describe, expect, it } from 'vitest';
import type { Cut } from '../../core/contents.ts';
import { requireContents } from './contents-gone.ts';

const now = Date.UTC(2026, 10, 22);
const cut = (contents: Cut['contents']) => ({ contents, mobileNumber: null, identity: null });
const why = (contents: Cut['contents'], payload: number | null): string => {
  try {
    requireContents({ event: { cut: cut(contents) }, keptUntil: { payload, log: null }, now }, 'So it is.');
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('what needs all of an event', () => {
  it('goes on where all of it is there', () => {
    const of = { event: {}, keptUntil: { payload: now - 1, log: null }, now };
    expect(() => requireContents(of, 'So it is.')).not.toThrow();
  });

  it('is refused with the day until which contents were kept, as far as that is known', () => {
    expect(why('cut', Date.UTC(2026, 4, 3, 9))).toBe('Its contents were kept until 2026-05-03. So it is.');
    const shorter = 'Its contents are gone: the account kept them for a shorter time then. So it is.';
    expect(why('cut', now + 1)).toBe(shorter);
    expect(why('cut', null)).toBe(shorter);
    expect(why('erased', Date.UTC(2026, 4, 3))).toBe('Its contents were erased. So it is.');
  });
});
