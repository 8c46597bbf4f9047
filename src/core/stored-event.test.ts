import { expect, it, vi } from 'vitest';
import { testEvent } from '../testing/factories.ts';
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

it('has every field of an event', () => {
  const event = storedEvent({ id, accountId, product, reportType }, () => whole);
  for (const [field, value] of Object.entries(whole)) {
    expect(event[field as keyof typeof event], field).toBe(value);
  }
});
