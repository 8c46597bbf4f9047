import { describe, expect, it } from 'vitest';
import { separatorOf } from './separator.ts';

describe('what separates fields', () => {
  it.each([
    ['en-IN', 'comma'],
    ['hi-IN', 'comma'],
    ['en-US', 'comma'],
    ['de-DE', 'semicolon'],
    ['de-CH', 'comma'],
    ['fr-FR', 'semicolon'],
    ['pt-BR', 'semicolon'],
  ])('is in %s a %s', (language, separator) => expect(separatorOf(language)).toBe(separator));
});
