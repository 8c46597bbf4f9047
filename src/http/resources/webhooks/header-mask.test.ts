import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMasked, maskValue } from '../../../shared/header-mask.ts';
import { isHeaderValue } from '../../../shared/header-rules.ts';
import { maskHeaders, maskRequestHeaders, restoreMasked } from './header-mask.ts';

const anyCharacter = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

describe("a header's value", () => {
  it('is masked but for the last two characters of a long one', () => {
    expect(maskValue('Bearer abcdefg')).toBe('••••fg');
    expect(maskValue('short')).toBe('••••');
    expect(maskValue('')).toBe('••••');
  });

  it('is never taken for a mask', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (value) => !isHeaderValue(value) || !isMasked(value)),
    );
  });

  it('survives a round through its mask, in any case of its name', () => {
    const headers = fc.uniqueArray(
      fc.record({ name: fc.constantFrom('a', 'b', 'x-api-key'), value: fc.string() }),
      {
        selector: ({ name }) => name,
      },
    );
    fc.assert(
      fc.property(headers, (saved) => {
        const sent = maskHeaders(saved).map(({ name, value }) => ({ name: name.toUpperCase(), value }));
        const restored = restoreMasked({ customHeaders: sent }, saved) as { customHeaders: typeof sent };
        expect(restored.customHeaders.map(({ value }) => value)).toEqual(saved.map(({ value }) => value));
      }),
    );
  });

  it('stays masked where there is nothing to restore', () => {
    const saved = [{ name: 'a', value: 'long-enough' }];
    for (const header of [
      { name: 'b', value: '••••gh' },
      { name: 'a', value: '••••xx' },
      { name: 'a', value: 'new' },
    ]) {
      expect(restoreMasked({ customHeaders: [header] }, saved)).toEqual({ customHeaders: [header] });
    }
  });

  it.each([null, 'text', {}, { customHeaders: 'x' }, { customHeaders: [null, 1, { name: 1, value: 2 }] }])(
    'leaves a body alone that has none: %j',
    (body) => {
      expect(restoreMasked(body, [{ name: 'a', value: 'b' }])).toEqual(body);
    },
  );

  it("is masked in a request, the gateway's own headers are not", () => {
    const headers = [
      ['webhook-id', 'dlv_1'],
      ['x-api-key', 's3cret-value'],
    ] as const;
    expect(maskRequestHeaders(headers, [{ name: 'X-Api-Key', value: 's3cret-value' }])).toEqual([
      ['webhook-id', 'dlv_1'],
      ['x-api-key', '••••ue'],
    ]);
  });
});
