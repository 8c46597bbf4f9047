import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookwire, operationalReport } from '../core/products/hookwire.ts';
import type { WebhookConfig } from '../core/webhook.ts';
import { anyText, renderedConfig } from '../testing/rendering.ts';
import { compileWebhook } from './compile.ts';
import { renderRequest } from './render.ts';
import { signingKey } from './sign.ts';
import { createSecret } from './signing-secret.ts';

const signing = { id: 'dlv_1', timestampSeconds: 1, keys: [signingKey(createSecret())] };
const event = {
  ...operationalReport('webhook.failing', 0, 'wh_1', { webhookId: 'wh_1' }),
  id: 'e',
  accountId: 'a',
};

function render(changes: Partial<Omit<WebhookConfig, 'settings'>> = {}, given = event) {
  const config = renderedConfig({ product: 'hookwire', reportType: 'operations', ...changes });
  return renderRequest(compileWebhook(config), given, signing);
}

describe('an operational event', () => {
  it('is written as Standard Webhooks has it, with the custom parameters behind', () => {
    expect(render({ customParameters: [{ name: 'team', value: 'orders' }] })).toMatchObject({
      method: 'POST',
      headers: expect.arrayContaining(['application/json', 'webhook-signature']),
      body: '{"type":"webhook.failing","timestamp":"1970-01-01T00:00:00.000Z","data":{"webhookId":"wh_1"},"team":"orders"}',
    });
  });

  it('is JSON whatever text is in it', () => {
    fc.assert(
      fc.property(anyText, anyText, (value, custom) => {
        const report = operationalReport('delivery.failed', 5, 'dlv_1', { messageId: value });
        const { body } = render(
          { customParameters: [{ name: 'custom', value: custom }] },
          { ...report, id: 'e', accountId: 'a' },
        );
        expect(JSON.parse(body ?? '')).toEqual({
          type: 'delivery.failed',
          timestamp: '1970-01-01T00:00:00.005Z',
          data: { messageId: value },
          custom,
        });
      }),
    );
  });

  it.each((hookwire.samples.operations ?? []).map((sample) => [sample.name, sample] as const))(
    'has a sample of %s',
    (name, sample) => {
      const { body } = render({}, { ...sample.event, id: 'e', accountId: 'a' });
      expect(JSON.parse(body ?? '')).toEqual({
        type: name,
        timestamp: '2026-11-22T10:15:30.000Z',
        data: JSON.parse(sample.event.attributes ?? ''),
      });
    },
  );

  it('has a sample of every type', () => {
    expect(hookwire.samples.operations?.map(({ name }) => name)).toEqual(hookwire.statuses);
  });
});
