import type { JsonObject } from '../../core/event.ts';
import { products } from '../../core/products/index.ts';
import type { ProductId } from '../../core/products/product.ts';
import { sendMethods } from '../../core/webhook.ts';
import type { ApiClient } from '../api-client.ts';

export const demoWabaNumber = '919999999999';

/** What the demo made, and what a person needs to look at it. */
export interface DemoAccount {
  readonly accountId: string;
  /** A key of the account, as a customer has one. */
  readonly key: string;
}

function exampleNames(product: ProductId): JsonObject {
  return Object.fromEntries(products[product].fields.map(({ field, exampleName }) => [field, exampleName]));
}

/** SMS reports by every method, WhatsApp reports and messages as JSON; each to a path of its own. */
export function demoWebhooks(endpoint: string): readonly JsonObject[] {
  const sms = sendMethods.map((method) => ({
    product: 'sms',
    reportType: 'dlr',
    method,
    url: `${endpoint}/sms/${method.toLowerCase()}`,
    parameterNames: exampleNames('sms'),
    customParameters: [{ name: 'tenant', value: '42' }],
    customHeaders: [{ name: 'X-Api-Key', value: 'demo' }],
    description: `SMS reports, ${method}`,
  }));
  return [
    ...sms,
    {
      product: 'whatsapp',
      reportType: 'dlr',
      method: 'JSON',
      url: `${endpoint}/whatsapp/dlr`,
      productUniqueId: null,
      parameterNames: exampleNames('whatsapp'),
      description: 'WhatsApp reports of every number',
    },
    {
      product: 'whatsapp',
      reportType: 'mo',
      method: 'JSON',
      url: `${endpoint}/whatsapp/mo`,
      productUniqueId: demoWabaNumber,
      description: 'WhatsApp messages of one number',
    },
  ];
}

/** Makes an account with a key, a Waba Number and webhooks, over the HTTP API. */
export async function setUpDemo(client: ApiClient, endpoint: string): Promise<DemoAccount> {
  const account = await client.post('/v1/accounts', { name: 'Demo' });
  const accountId = String(account.id);
  const { key } = await client.post(`/v1/accounts/${accountId}/keys`, {
    name: 'demo',
    scopes: ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:replay'],
  });
  await client.post('/v1/senders', { accountId, product: 'whatsapp', productUniqueId: demoWabaNumber });
  for (const webhook of demoWebhooks(endpoint)) await client.post('/v1/webhooks', { accountId, ...webhook });
  return { accountId, key: String(key) };
}
