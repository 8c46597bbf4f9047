import { expect, it, vi } from 'vitest';
import { testEvent } from '../testing/factories.ts';
import { cutEvent } from './cut-event.ts';
import { storedEvent } from './stored-event.ts';

const whole = testEvent({ attributes: { operator: 'x' } });
const { id, accountId, product, reportType } = whole;

it('is read for more than its label, and then once', () => {
  const read = vi.fn(() => whole);
  const event = storedEvent({ id, accountId, product, reportType }, read);
  expect([event.id, event.accountId, event.product, event.reportType]).toEqual([
    id,
    accountId,
    product,
    reportType,
  ]);
  expect(read).not.toHaveBeenCalled();
  expect(event.messageId).toBe(whole.messageId);
  expect(event.attributes).toBe(whole.attributes);
  expect(read).toHaveBeenCalledOnce();
});

it.each([
  ['an event', whole],
  [
    'an event whose contents are gone',
    { ...whole, ...cutEvent(whole, { key: new Uint8Array(32), remembers: true }) },
  ],
])('has every field of %s', (_what, read) => {
  const event = storedEvent({ id, accountId, product, reportType }, () => read);
  for (const [field, value] of Object.entries(read)) {
    expect(event[field as keyof typeof event], field).toBe(value);
  }
});
