import { describe, expect, it } from 'vitest';
import { redirectFailure } from './cut-short.ts';

describe('the place that a redirect names', () => {
  it('is told without what may be secret in it, and cut', () => {
    const location = `https://user:word@hooks.example/${'a'.repeat(5_000)}?token=x#y`;
    const { detail } = redirectFailure(302, location, 'https://shop.example');
    expect(detail).toContain(`302, a redirect to https://hooks.example/${'a'.repeat(178)};`);
    expect(detail).not.toMatch(/user|word|token/);
  });
});
