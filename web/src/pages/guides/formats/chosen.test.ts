import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../api/catalog.ts';
import { chosenIn } from './chosen.ts';

const methods = (['POST', 'JSON'] as const).map((id) => ({
  id,
  label: id,
  description: '',
  moFormat: id === 'JSON' ? ('whatsapp' as const) : ('flat' as const),
}));
const type = (id: 'dlr' | 'mo') => ({
  id,
  label: id,
  description: '',
  methods: ['POST', 'JSON'] as const,
  fields: [],
  samples: [
    { name: 'first', title: 'First', event: {} },
    { name: 'second', title: 'Second', event: {} },
  ],
  statuses: null,
});
const product = (id: 'sms' | 'whatsapp', ...types: ReturnType<typeof type>[]) => ({ id, reportTypes: types });
const catalog = {
  methods,
  products: [product('sms', type('dlr')), product('whatsapp', type('dlr'), type('mo'))],
  settings: { choices: { moFormat: [{ id: 'whatsapp' }, { id: 'flat' }] } },
} as unknown as Catalog;

function chosen(search: Record<string, string>) {
  const found = chosenIn(catalog, search);
  return (
    found && [found.product.id, found.reportType.id, found.method.id, found.moFormat, found.sample?.name]
  );
}

describe('what the catalogue shows', () => {
  it('begins with the first of each', () => {
    expect(chosen({})).toEqual(['sms', 'dlr', 'POST', 'flat', 'first']);
  });

  it('is what the address asks for', () => {
    const search = { product: 'whatsapp', type: 'mo', method: 'JSON', mo: 'flat', sample: 'second' };
    expect(chosen(search)).toEqual(['whatsapp', 'mo', 'JSON', 'flat', 'second']);
  });

  it('leaves out what does not go together, or is not there', () => {
    expect(chosen({ product: 'sms', type: 'mo' })).toEqual(['sms', 'dlr', 'POST', 'flat', 'first']);
    expect(chosen({ product: 'pigeon', sample: 'third', mo: 'whatsapp' })).toEqual([
      'sms',
      'dlr',
      'POST',
      'flat',
      'first',
    ]);
  });

  it('sends inbound messages in the format of the method unless asked', () => {
    expect(chosen({ product: 'whatsapp', type: 'mo', method: 'JSON' })?.[3]).toBe('whatsapp');
  });
});
