import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import { listQuery } from './pages.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type Account = Schemas['Account'];

/** The platform's customers (operators only): the first 500. */
export const accountsQuery = queryOptions({
  queryKey: ['accounts', 'first'],
  queryFn: () => answer(api.GET('/v1/accounts', { params: { query: { limit: 500 } } })),
});

/** All of them, page by page. */
export const accountListQuery = listQuery<Account>(['accounts', 'list'], (cursor, signal) =>
  answer(api.GET('/v1/accounts', { params: { query: { limit: 500, ...cursor } }, signal })),
);

export function createAccount(account: Schemas['NewAccount']): Promise<Account> {
  return answer(api.POST('/v1/accounts', { body: account }));
}

export function renameAccount(id: string, name: string): Promise<Account> {
  return answer(api.PATCH('/v1/accounts/{id}', { params: { path: { id } }, body: { name } }));
}

export async function deleteAccount(id: string): Promise<void> {
  await api.DELETE('/v1/accounts/{id}', { params: { path: { id } } });
}
