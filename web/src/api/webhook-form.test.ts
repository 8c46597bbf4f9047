// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { playGateway } from '../testing/gateway.ts';
import { previewWebhook, testUnsavedWebhook, type WebhookInput } from './webhook-form.ts';

it('sends an event to try as it was written', async () => {
  const calls = playGateway({
    'POST /v1/webhooks/preview': () => ({ body: '' }),
    'POST /v1/webhooks/test': () => ({}),
  });
  const event = '{ "attributes": { "cost": 0.10, "id": 12345678901234567890, "id": -0 } }';
  const input = { url: 'https://example.com/' } as WebhookInput;
  await previewWebhook({ accountId: 'acc_1', webhookId: 'wh_1', input, event });
  await testUnsavedWebhook({ accountId: 'acc_1', webhookId: null, input, event });
  expect(calls.map(({ text }) => text)).toEqual([
    `{"url":"https://example.com/","webhookId":"wh_1","event":${event}}`,
    `{"url":"https://example.com/","event":${event}}`,
  ]);
});
