import { describe, expect, it } from 'vitest';
import { wrongNumber } from './wrong-number.ts';

describe('a Waba Number', () => {
  it.each([' +91 (98765) 432-10 ', '00919876543210', '９１９８７６５４３２１０'])(
    'may be written as %j',
    (text) => {
      expect(wrongNumber(text)).toBeNull();
    },
  );

  it.each([
    ['', 'Type the number.'],
    [' ', 'Type the number.'],
    ['91ABC', 'Only digits belong to a number.'],
    ['09876543210', 'Begin with the country code, without zeros before it.'],
  ])('is refused as %j with what is wrong', (text, wrong) => {
    expect(wrongNumber(text)).toBe(wrong);
  });
});
