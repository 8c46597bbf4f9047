import { answer, api } from './client.ts';
import { listQuery } from './pages.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type Key = Schemas['Key'];
export type CreatedKey = Schemas['CreatedKey'];
export type NewKey = Schemas['NewKey'];
export type Scope = Key['scopes'][number];

export function keysQuery(accountId: string) {
  return listQuery<Key>(['keys', accountId], (cursor, signal) =>
    answer(
      api.GET('/v1/accounts/{id}/keys', {
        params: { path: { id: accountId }, query: { limit: 100, ...cursor } },
        signal,
      }),
    ),
  );
}

/** Makes a key; the answer is the only one that shows it. */
export function createKey(accountId: string, key: NewKey): Promise<CreatedKey> {
  return answer(api.POST('/v1/accounts/{id}/keys', { params: { path: { id: accountId } }, body: key }));
}

export async function deleteKey(accountId: string, keyId: string): Promise<void> {
  await api.DELETE('/v1/accounts/{id}/keys/{keyId}', { params: { path: { id: accountId, keyId } } });
}
