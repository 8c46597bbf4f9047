import { describe, expect, it } from 'vitest';
import { catalog } from '../../testing/catalog.ts';
import { type Draft, emptyDraft, withExampleNames } from './draft.ts';
import { keptAside } from './kept-aside.ts';

const whatsapp: Draft = {
  ...withExampleNames({ ...emptyDraft(catalog), product: 'whatsapp', method: 'JSON' }, catalog),
  productUniqueId: '919999999999',
};
const aside = (change: Partial<Draft>) => keptAside({ ...whatsapp, ...change }, catalog);

describe('what a choice has no use for', () => {
  it('is nothing where all of it applies', () => {
    expect(aside({})).toEqual([]);
    expect(keptAside(emptyDraft(catalog), catalog)).toEqual([]);
  });

  it('is named when WhatsApp becomes SMS', () => {
    expect(aside({ product: 'sms' })).toEqual([
      'Waba Number 919999999999',
      'Read Time Parameter "read_time"',
      'Status Parameter "status"',
    ]);
  });

  it('is counted when it is much', () => {
    const settings = { ...whatsapp.settings, statuses: ['delivered', 'read'] };
    expect(aside({ reportType: 'mo', settings })).toEqual([
      '8 parameter names',
      'the statuses delivered, read',
    ]);
  });

  it('is the report type or the method where they are not on offer', () => {
    expect(aside({ product: 'sms', reportType: 'mo' })[0]).toBe('the report type MO');
    expect(aside({ product: 'hookwire', method: 'XML' })).toContain('the method XML');
  });

  it('is not what a new form begins with', () => {
    expect(keptAside({ ...emptyDraft(catalog), product: 'hookwire' }, catalog)).toEqual([]);
  });

  it('is what only lists and JSON have', () => {
    const settings = { ...whatsapp.settings, batch: true, moFormat: 'whatsapp' as const };
    expect(aside({ method: 'GET', settings })).toEqual(['several reports in one request']);
    expect(aside({ method: 'XML', reportType: 'mo', settings, parameterNames: {} })).toEqual([
      'the message format "As WhatsApp sends it"',
    ]);
  });
});
