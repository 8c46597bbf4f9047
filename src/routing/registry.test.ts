import { describe, expect, it } from 'vitest';
import { testEvent, testWebhook } from '../testing/factories.ts';
import { createWebhookRegistry } from './registry.ts';

function registryOf(...webhooks: Parameters<typeof testWebhook>[0][]) {
  const registry = createWebhookRegistry();
  for (const webhook of webhooks) registry.put({ webhook: testWebhook(webhook), secrets: [] });
  return registry;
}

const whatsapp = { product: 'whatsapp', reportType: 'dlr' } as const;

describe('the webhook registry', () => {
  it('gives an event to the webhooks of its account, product and report type only', () => {
    const registry = registryOf(
      { id: 'wh_1' },
      { id: 'wh_other_account', accountId: 'acc_2' },
      { id: 'wh_other_product', ...whatsapp },
      { id: 'wh_mo', product: 'whatsapp', reportType: 'mo' },
    );
    expect(registry.route(testEvent({})).webhookIds).toEqual(['wh_1']);
  });

  it('gives a WhatsApp event to the webhooks of its number and to those of every number', () => {
    const registry = registryOf(
      { id: 'wh_number', ...whatsapp, productUniqueId: '919999999999' },
      { id: 'wh_every', ...whatsapp, productUniqueId: null },
      { id: 'wh_other', ...whatsapp, productUniqueId: '918888888888' },
    );
    expect(registry.route(testEvent({ ...whatsapp, productUniqueId: '919999999999' })).webhookIds).toEqual([
      'wh_number',
      'wh_every',
    ]);
    expect(registry.route(testEvent({ ...whatsapp, productUniqueId: null })).webhookIds).toEqual([
      'wh_every',
    ]);
  });

  it('keeps a status that a webhook does not want away from it', () => {
    const settings = { ...testWebhook({}).settings, statuses: ['delivered'] };
    const registry = registryOf({ id: 'wh_final', settings });
    expect(registry.route(testEvent({ status: 'sent' })).webhookIds).toEqual([]);
    expect(registry.route(testEvent({ status: 'delivered' })).webhookIds).toEqual(['wh_final']);
    expect(registry.route(testEvent({ status: null })).webhookIds).toEqual(['wh_final']);
  });

  it('matches a disabled webhook, whose deliveries wait', () => {
    expect(registryOf({ id: 'wh_1', status: 'disabled' }).route(testEvent({})).webhookIds).toEqual(['wh_1']);
  });

  it('says which want order, also after that was changed', () => {
    const registry = registryOf({ id: 'wh_1' }, { id: 'wh_2' });
    expect(registry.route(testEvent({})).orderedWebhookIds).toEqual([]);
    const settings = { ...testWebhook({}).settings, ordered: true };
    registry.put({ webhook: testWebhook({ id: 'wh_2', settings }), secrets: [] });
    expect(registry.route(testEvent({})).orderedWebhookIds).toEqual(['wh_2']);
  });

  it("compares statuses without case and space, and SMPP's words by what they mean", () => {
    const some = (id: string, ...statuses: string[]) => ({
      id,
      settings: { ...testWebhook({}).settings, statuses },
    });
    const registry = registryOf(
      some('wh_final', 'delivered', 'failed'),
      some('wh_smpp', 'DELIVRD', ' UNDELIV '),
      some('wh_deleted', 'deleted'),
    );
    const wanting = (status: string) => [...registry.route(testEvent({ status })).webhookIds].sort();
    for (const status of ['delivered', 'Delivered', 'DELIVERED', ' delivered\n', 'DELIVRD', 'delivrd'])
      expect(wanting(status)).toEqual(['wh_final', 'wh_smpp']);
    for (const status of ['FAILED', 'UNDELIV', 'undeliv '])
      expect(wanting(status)).toEqual(['wh_final', 'wh_smpp']);
    expect(wanting('DELETED')).toEqual(['wh_deleted', 'wh_final', 'wh_smpp']);
    for (const status of ['sent', 'EXPIRED', 'REJECTD', 'ENROUTE', 'UNKNOWN', ''])
      expect(wanting(status)).toEqual([]);
  });

  it('gives events that are routed alike the same list, whatever numbers and statuses a caller makes up', () => {
    const settings = { ...testWebhook({}).settings, statuses: ['delivered', 'read'] };
    const registry = registryOf({ id: 'wh_some', settings }, { id: 'wh_all' });
    const first = registry.route(testEvent({ status: 'x0' }));
    expect(first.webhookIds).toEqual(['wh_all']);
    for (let i = 0; i < 3_000; i++) {
      expect(registry.route(testEvent({ status: `x${i}` }))).toBe(first);
    }
    for (let i = 0; i < 3_000; i++) {
      const route = { product: 'whatsapp', reportType: 'dlr', productUniqueId: `${i}` } as const;
      expect(registry.route(testEvent(route)).webhookIds).toEqual([]);
    }
    for (const status of ['delivered', 'read', null]) {
      expect(registry.route(testEvent({ status })).webhookIds).toEqual(['wh_some', 'wh_all']);
    }
  });

  it('follows a change of number and a deletion, and tells its listeners', () => {
    const registry = registryOf({ id: 'wh_1', ...whatsapp, productUniqueId: '911' });
    const heard: [string, boolean][] = [];
    registry.onChange((id, now) => heard.push([id, now !== null]));
    registry.put({ webhook: testWebhook({ id: 'wh_1', ...whatsapp, productUniqueId: '922' }), secrets: [] });
    expect(registry.route(testEvent({ ...whatsapp, productUniqueId: '911' })).webhookIds).toEqual([]);
    expect(registry.route(testEvent({ ...whatsapp, productUniqueId: '922' })).webhookIds).toEqual(['wh_1']);
    registry.remove('wh_1');
    expect(registry.route(testEvent({ ...whatsapp, productUniqueId: '922' })).webhookIds).toEqual([]);
    expect(registry.ofAccount('acc_1')).toEqual([]);
    expect(heard).toEqual([
      ['wh_1', true],
      ['wh_1', false],
    ]);
  });
});
