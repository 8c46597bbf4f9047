import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testEvent, testSettings, testWebhook } from '../testing/factories.ts';
import { explainRouting, type RoutingCase } from './explain.ts';
import { createWebhookRegistry } from './registry.ts';

const whatsapp = { product: 'whatsapp', reportType: 'dlr' } as const;
const event = testEvent({ ...whatsapp, productUniqueId: '911', status: 'sent' });
const rule = testWebhook({ ...whatsapp });

function explain(parts: Partial<RoutingCase['webhook']> = {}, more: Partial<RoutingCase> = {}) {
  const webhook = {
    status: 'enabled',
    createdAt: 0,
    deletedAt: null,
    ruleNow: rule,
    ruleThen: rule,
    ...parts,
  } as const;
  return explainRouting({ event, acceptedAt: 1_000, delivered: false, ...more, webhook });
}

const statuses = (...wanted: string[]) => ({ ...rule, settings: { ...testSettings, statuses: wanted } });

describe('why a webhook did not get an event', () => {
  it.each([
    [
      { ruleThen: testWebhook({ product: 'sms' }) },
      'other_product',
      'It is for SMS; the event is of WhatsApp.',
    ],
    [
      { ruleThen: testWebhook({ ...whatsapp, reportType: 'mo' }) },
      'other_report_type',
      'It is for MO; the event is DLR.',
    ],
    [
      { ruleThen: testWebhook({ ...whatsapp, productUniqueId: '922' }) },
      'other_number',
      'It is for the Waba Number 922; the event is of 911.',
    ],
    [
      { ruleThen: statuses('delivered', 'read') },
      'status_not_wanted',
      'It takes only the statuses delivered, read; the event has sent.',
    ],
    [{ ruleThen: null }, 'created_later', 'The webhook was made after the event had come.'],
    [{ createdAt: 1_001 }, 'created_later', 'The webhook was made after the event had come.'],
    [{ deletedAt: 1_000 }, 'deleted_before', 'The webhook had been deleted before the event came.'],
    [
      {},
      'was_not_there',
      'It would have matched, but was not there at that moment: it was being made, changed or restored, or was deleted for a while.',
    ],
  ])('is told in words: %#', (parts, reason, text) => {
    const ruleNow = ('ruleThen' in parts && parts.ruleThen) || rule;
    expect(explain({ ruleNow, ...parts })).toEqual({ matched: false, reason, text });
  });

  it('is told of the webhook as it was, and that it would get such an event now', () => {
    expect(explain({ ruleThen: statuses('read') }).text).toMatch(/It has been changed since, and would get/);
  });

  it('is that the event names no number', () => {
    const ruleThen = testWebhook({ ...whatsapp, productUniqueId: '922' });
    const without = { ...event, productUniqueId: null };
    expect(explain({ ruleThen, ruleNow: ruleThen }, { event: without }).text).toMatch(
      /922; the event names none\./,
    );
  });
});

describe('why a webhook got an event', () => {
  const delivered = { delivered: true };

  it('names what matched', () => {
    const ruleThen = { ...statuses('sent'), productUniqueId: '911' };
    expect(explain({ ruleThen, ruleNow: ruleThen }, delivered)).toEqual({
      matched: true,
      reason: null,
      text: 'It is for WhatsApp, DLR, the Waba Number 911, the status sent: the event matches.',
    });
  });

  it('says what became of it: disabled, deleted, changed', () => {
    expect(explain({ status: 'disabled' }, delivered).text).toMatch(
      /is disabled: what still waits .* when it is enabled/,
    );
    expect(explain({ status: 'disabled', deletedAt: 2_000 }, delivered).text).toMatch(/was deleted later/);
    expect(explain({ ruleNow: statuses('read') }, delivered).text).toMatch(/would not get such an event now/);
  });
});

it('says a mismatch exactly where routing does not give the event to the webhook', () => {
  const number = fc.constantFrom(null, '911', '922');
  const kind = fc.constantFrom({ product: 'sms', reportType: 'dlr' } as const, whatsapp, {
    product: 'whatsapp',
    reportType: 'mo',
  } as const);
  const status = fc.constantFrom(null, 'sent', 'read', 'READ', ' Sent', 'ENROUTE', 'DELETED');
  const wanted = fc.constantFrom(null, ['read'], ['Sent', 'read '], ['failed']);
  fc.assert(
    fc.property(kind, kind, number, number, status, wanted, (ofEvent, ofWebhook, a, b, has, wants) => {
      const given = testEvent({ ...ofEvent, productUniqueId: a, status: has });
      const settings = { ...testSettings, statuses: wants };
      const webhook = testWebhook({ ...ofWebhook, productUniqueId: b, settings });
      const registry = createWebhookRegistry();
      registry.put({ webhook, secrets: [] });
      const { reason } = explain({ ruleThen: webhook, ruleNow: webhook }, { event: given });
      // Without a delivery, whoever matches can only have been away.
      expect(reason === 'was_not_there').toBe(registry.route(given).webhookIds.length === 1);
    }),
  );
});
