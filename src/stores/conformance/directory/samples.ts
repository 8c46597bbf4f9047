import type { Webhook } from '../../../core/webhook.ts';
import { testWebhook } from '../../../testing/factories.ts';
import type { ApiKey, Directory, Sender } from '../../ports/directory.ts';
import type { Page, PageRequest } from '../../ports/page.ts';

export const at = Date.UTC(2026, 10, 22, 10, 0, 0);
export const all: PageRequest = { limit: 100, cursor: null };
/** The first secret of every webhook. */
export const current = { secret: 'whsec_first', expiresAt: null };

export function webhook(parts: Partial<Webhook> = {}): Webhook {
  return testWebhook({ createdAt: at, updatedAt: at, ...parts });
}

export function key(parts: Partial<ApiKey> = {}): ApiKey {
  return { id: 'key_1', accountId: 'acc_1', name: 'main', scopes: ['events:write'], createdAt: at, ...parts };
}

export function sender(parts: Partial<Sender> = {}): Sender {
  return {
    id: 'snd_1',
    accountId: 'acc_1',
    product: 'whatsapp',
    productUniqueId: '919999999999',
    label: null,
    createdAt: at,
    ...parts,
  };
}

/** Follows the cursors to the end; each entry is the ids of one page. */
export async function walk(list: (page: PageRequest) => Promise<Page<{ id: string }>>, limit: number) {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page: Page<{ id: string }> = await list({ limit, cursor });
    pages.push(page.data.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

/** A webhook with everything that may be chosen. */
export const fullWebhook = webhook({
  product: 'whatsapp',
  method: 'XML',
  url: 'https://example.com/dlr?token=a%20b',
  productUniqueId: '919999999999',
  parameterNames: { transactionId: 'txn', readTime: 'read' },
  customParameters: [{ name: 'tenant', value: '४२ & 🙂' }],
  customHeaders: [
    { name: 'X-Api-Key', value: 's3cret' },
    { name: 'x-empty', value: '' },
  ],
  description: 'orders team',
  settings: { ...webhook().settings, ratePerSecond: 5, success: { codes: [200], bodyContains: 'ok' } },
});

export async function keyOf(directory: Directory, hash: string): Promise<ApiKey | null> {
  return (await directory.findKeys([hash])).keys.get(hash) ?? null;
}
