import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
/** One limit of an account, with how much of it is used. */
export type Limit = Schemas['Limit'];

/** What an account may have and do, and how much of it it has and does: asked again, since some of it moves. */
export function limitsQuery(accountId: string) {
  return queryOptions({
    queryKey: ['limits', accountId],
    queryFn: ({ signal }) => answer(api.GET('/v1/limits', { params: { query: { accountId } }, signal })),
    refetchInterval: 10_000,
  });
}

/** @param value `null`: the limit of all accounts */
export function setLimit(accountId: string, name: Limit['name'], value: number | null): Promise<unknown> {
  const body = { limits: { [name]: value } };
  return answer(api.PATCH('/v1/accounts/{id}', { params: { path: { id: accountId } }, body }));
}
