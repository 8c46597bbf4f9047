import { answer, api } from './client.ts';
import { listQuery } from './pages.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type Sender = Schemas['Sender'];

/** The numbers (of WhatsApp, Waba Numbers) that an account's webhooks may choose from. */
export function sendersQuery(accountId: string) {
  return listQuery<Sender>(['senders', accountId, 'list'], (cursor, signal) =>
    answer(api.GET('/v1/senders', { params: { query: { accountId, limit: 200, ...cursor } }, signal })),
  );
}

export function createSender(sender: Schemas['NewSender']): Promise<Sender> {
  return answer(api.POST('/v1/senders', { body: sender }));
}

export async function deleteSender(id: string): Promise<void> {
  await api.DELETE('/v1/senders/{id}', { params: { path: { id } } });
}
