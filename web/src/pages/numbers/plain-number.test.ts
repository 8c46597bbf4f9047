import { describe, expect, it } from 'vitest';
import { plainNumber, wrongNumber } from './plain-number.ts';

describe('a WABA number', () => {
  it('is kept as digits, however it is written', () => {
    expect(plainNumber(' +91 (98765) 432-10 ')).toBe('919876543210');
    expect(wrongNumber('+91 98765 43210')).toBeNull();
  });

  it.each([
    ['', 'Type the number.'],
    ['91ABC', 'Only digits belong to a number.'],
    ['09876543210', 'Begin with the country code, without zeros before it.'],
  ])('is refused as %j with what is wrong', (text, wrong) => {
    expect(wrongNumber(text)).toBe(wrong);
  });
});
